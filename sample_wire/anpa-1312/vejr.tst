W2003asian
u i BC-WEA--Nordic     06-12 0030
^BC-WEA--Nordic,<
	   COPENHAGEN (AP) _ Temperaturer mandag:<
	   Aarhus;12;19;cdy<
	   Oslo;9;17;rn<

	   AP-WF-06-12-23 0500GMT<


W2002glbsm
r i BC-EU--Denmark-Whale 1stLd-Writethru   06-12 0040
^BC-EU--Denmark-Whale, 1st Ld-Writethru,40<
^Hval ved Blåvand er svømmet fri<
	   BLÅVAND, Denmark (AP) _ Hvalen ved Blåvand er svømmet fri ved højvande.
 

	   AP-WF-06-12-23 1502GMT<




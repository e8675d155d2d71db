W2001glbsm
r i BC-EU--Denmark-Whale     06-12 0060
^BC-EU--Denmark-Whale,60<
^Hval strandet ved Blåvand<
^AP Photo XNP101<
^Eds: Med billede.<
^By LARS TOFT=
^Associated Press=
	   BLÅVAND, Denmark (AP) _ En ti meter lang hval er strandet ved Blåvand.
 
	   ``Den lever stadig,'' siger naturvejleder Inge Holm.
 

	   AP-WF-06-12-23 0915GMT<




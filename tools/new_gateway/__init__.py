"""``make new-gateway NAME=``: a card gateway's skeleton, which the contract suite then fails sentence by sentence."""

"""How many people have to stand together before anything is told of them."""

# A count, a group or a step of fewer people would speak of persons.
FEWEST_PEOPLE = 3
# Where neither persons nor affiliations may be attributed, a group has to be larger before it is told of.
FEWEST_IN_CHATHAM_GROUP = 5
# A median of fewer ratings would be somebody's rating.
FEWEST_FOR_MEDIAN = 8

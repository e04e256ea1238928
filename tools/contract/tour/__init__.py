"""The tour of the Postman collection: requests that follow from one another, each with what it has to be answered."""

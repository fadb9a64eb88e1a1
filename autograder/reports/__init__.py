"""What grading gave, for people: marks, a student's page, the class's page. HTML, charts and templates beside them."""

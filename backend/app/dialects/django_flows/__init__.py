"""The API of a flow editor that was made with Django REST framework: its URLs, its fields, its words."""

"""Every screen that people see, and how to get to it; `python -m tests.web.screens` photographs them."""

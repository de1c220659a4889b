"""Who people are: citizens, staff, their sign-ins and sessions, and what each role may do."""

"""The ports in AWS. Each module is imported only where settings name it: boto3 is slow to load."""

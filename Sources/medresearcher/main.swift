print("medresearcher")

"""Papers leave the house: reports, tax list, certificates, journals."""

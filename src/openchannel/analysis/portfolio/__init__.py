"""Which channels to build: portfolios of levers and cadences, searched, tested and priced."""

"""Made-up forms on real PDF pages: for tests of layouts no sample has, for damaged input, and for benchmarks of any size."""

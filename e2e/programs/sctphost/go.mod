module weft.dev/e2e/programs/sctphost

go 1.26

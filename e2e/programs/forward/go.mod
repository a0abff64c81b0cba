module weft.dev/e2e/programs/forward

go 1.26

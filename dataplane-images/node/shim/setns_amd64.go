package main

// setns(2); package syscall has no number for it.
const sysSetns = 308

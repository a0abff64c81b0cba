package main

// setns(2); package syscall has no number for it on all platforms.
const sysSetns = 268

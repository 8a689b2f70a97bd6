// Constants of the Linux system call interface that the drivers of UDP and HTTP share, the same on every architecture
// that they run on.

export const SOCK_CLOEXEC = 0o2000000
export const MSG_DONTWAIT = 0x40

export const EINTR = 4
export const EAGAIN = 11

// Constants of the Linux system call interface, the same on every architecture that linux-obstacle.ts accepts.

export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_CLOEXEC = 0o2000000

export const SOL_SOCKET = 1
export const SO_SNDBUF = 7
export const SO_RCVBUF = 8
export const SO_REUSEPORT = 15
export const SO_RCVTIMEO = 20
export const SO_SNDTIMEO = 21
/** Take a classic BPF program that decides which datagrams the socket accepts. */
export const SO_ATTACH_FILTER = 26
export const SO_DETACH_FILTER = 27
/** The FORCE options may exceed the system's limit if the process has the privilege. */
export const SO_SNDBUFFORCE = 32
export const SO_RCVBUFFORCE = 33
/**
 * Nine figures of a socket, 4 bytes each (linux/sock_diag.h): the first is the memory of the datagrams that wait to be
 * received, the second the limit of that, the last counts dropped datagrams.
 */
export const SO_MEMINFO = 55
export const SO_MEMINFO_BYTES = 36
export const SO_MEMINFO_WAITING_WORD = 0
export const SO_MEMINFO_BUFFER_WORD = 1
export const SO_MEMINFO_DROPS_WORD = 8

export const IPPROTO_IP = 0
export const IP_PKTINFO = 8
/** A bound address leaves the port to the moment of the connect. */
export const IP_BIND_ADDRESS_NO_PORT = 24
export const IPPROTO_IPV6 = 41
export const IPV6_V6ONLY = 26
export const IPV6_RECVPKTINFO = 49

export const MSG_TRUNC = 0x20
export const MSG_DONTWAIT = 0x40
/** Wait for the first message, then take only what is already queued. */
export const MSG_WAITFORONE = 0x10000

export const POLLIN = 1

export const EINTR = 4
export const EBADF = 9
export const EAGAIN = 11
export const EFAULT = 14
export const EINVAL = 22
export const ENOTSOCK = 88
export const ECONNREFUSED = 111
export const EINPROGRESS = 115

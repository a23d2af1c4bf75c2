using System.Runtime.InteropServices;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>Linux's struct iovec.</summary>
internal unsafe struct IoVector
{
    public byte* Pointer;
    public nuint Length;
}

/// <summary>Linux's struct msghdr.</summary>
internal unsafe struct Message
{
    public UdpAddress* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>Linux's struct mmsghdr: struct msghdr, padded to its own alignment, and the datagram's length.</summary>
internal struct MessageHeader
{
    public Message Message;
    public uint DatagramLength;
}

/// <summary>Linux's datagram calls, on blittable structures only; errno by <see cref="Marshal"/>.</summary>
internal static unsafe partial class LinuxSockets
{
    /// <summary>MSG_DONTWAIT.</summary>
    public const int DontWait = 0x40;

    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int NoBufferSpace = 105;
    public const int ConnectionRefused = 111;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int socket, MessageHeader* headers, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int socket, MessageHeader* headers, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(
        int socket, byte* bytes, nuint length, int flags, UdpAddress* name, uint nameLength);
}

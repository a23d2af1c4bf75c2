namespace FlowEngine.Aeron.Driver.Media;

/// <summary>Bytes to send as one datagram, in place.</summary>
internal readonly unsafe struct Datagram(byte* pointer, int length)
{
    public byte* Pointer { get; } = pointer;

    public int Length { get; } = length;
}

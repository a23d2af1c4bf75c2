namespace FlowEngine.Aeron;

/// <summary>
/// Makes the eight bytes of a frame header that are the user's own, such as a checksum or a time stamp. A struct, so
/// that the call is inlined. Publisher's thread, once for each frame.
/// </summary>
public interface IReservedValueSupplier
{
    /// <summary>The value for one frame.</summary>
    /// <param name="frame">Header (32 bytes, its length not yet valid) and payload as they will be published.</param>
    long ReservedValue(ReadOnlySpan<byte> frame);
}

/// <summary>The same value for all frames.</summary>
internal readonly struct FixedReservedValue(long value) : IReservedValueSupplier
{
    public long ReservedValue(ReadOnlySpan<byte> frame) => value;
}

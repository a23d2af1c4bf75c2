namespace FlowEngine.Feeds;

/// <summary>
/// The newest refused input, kept for inspection. Written by the ingress thread without a lock: a reader on another
/// thread may see bytes of two refusals mixed.
/// </summary>
public sealed class DamageSample
{
    /// <summary>Most bytes kept.</summary>
    public const int Capacity = 64;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    /// <summary>Why it was refused; <see cref="DamageReason.None"/> while nothing was.</summary>
    public DamageReason Reason { get; private set; }

    /// <summary>Its first bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    internal void Keep(DamageReason reason, ReadOnlySpan<byte> input)
    {
        Reason = reason;
        _length = Math.Min(input.Length, Capacity);
        input[.._length].CopyTo(_bytes);
    }
}

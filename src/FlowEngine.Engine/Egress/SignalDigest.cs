using System.Security.Cryptography;

namespace FlowEngine.Engine;

/// <summary>
/// SHA-256 over the signal messages in the order computed, before any conflation, with epoch and with receive and
/// publish stamps left out: equal for a live run and a replay of the same packets.
/// </summary>
public sealed class SignalDigest : IDisposable
{
    private readonly IEventTap? _tap;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Of nothing yet.</summary>
    /// <param name="tap">Is shown each message too; null for nobody.</param>
    public SignalDigest(IEventTap? tap = null) => _tap = tap;

    /// <summary>Adds one message as encoded before it was stamped.</summary>
    public void Append(ReadOnlySpan<byte> message)
    {
        _hash.AppendData(message);
        _tap?.Message(message);
    }

    /// <summary>The digest so far, lower-case hexadecimal.</summary>
    public string ToHex() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}

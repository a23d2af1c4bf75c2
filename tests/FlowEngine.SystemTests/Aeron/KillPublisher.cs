using FlowEngine.Aeron;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Publishes numbered messages: short ones by claims, the others by offers.</summary>
internal sealed class KillPublisher
{
    private readonly Publication? _shared;
    private readonly ExclusivePublication? _exclusive;
    private readonly byte[] _message = new byte[KillMessage.MaxLength];

    public KillPublisher(Publication publication) => _shared = publication;

    public KillPublisher(ExclusivePublication publication) => _exclusive = publication;

    /// <summary>Number of the next message.</summary>
    public long Next { get; private set; }

    /// <summary>Tries to publish the next message.</summary>
    public long TryNext()
    {
        var length = KillMessage.LengthOf(Next);
        long result;
        if (length <= (_shared?.MaxPayloadLength ?? _exclusive!.MaxPayloadLength))
        {
            BufferClaim claim = default;
            result = _shared?.TryClaim(length, out claim) ?? _exclusive!.TryClaim(length, out claim);
            if (result > 0)
            {
                KillMessage.Fill(claim.Span, Next);
                claim.Commit();
            }
        }
        else
        {
            var message = _message.AsSpan(0, length);
            KillMessage.Fill(message, Next);
            result = _shared?.Offer(message) ?? _exclusive!.Offer(message);
        }

        if (result > 0)
        {
            Next++;
        }

        return result;
    }
}

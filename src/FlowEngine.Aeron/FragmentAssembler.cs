using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron;

#pragma warning disable FE005 // A struct handler is called directly; a class is the caller's choice.

/// <summary>
/// Puts fragments together and hands whole messages to <typeparamref name="THandler"/>; unfragmented messages pass
/// straight through. Messages of different sessions may interleave. Pass it to polls by reference; buffers are made
/// on a session's first fragmented message.
/// </summary>
[Hot]
public struct FragmentAssembler<THandler> : IFragmentHandler
    where THandler : IFragmentHandler
{
    /// <summary>Takes the messages.</summary>
    public THandler Handler;

    private readonly Dictionary<int, AssemblyBuffer> _sessions;

    /// <summary>An assembler in front of <paramref name="handler"/>.</summary>
    public FragmentAssembler(THandler handler)
    {
        Handler = handler;
        _sessions = [];
    }

    /// <summary>Forgets a session, as its image went away.</summary>
    public readonly bool FreeSession(int sessionId)
    {
        if (!_sessions.Remove(sessionId, out var buffer))
        {
            return false;
        }

        buffer.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if ((header.Flags & DataFrame.Unfragmented) == DataFrame.Unfragmented)
        {
            Handler.OnFragment(payload, header);
            return;
        }

        Assemble(payload, header);
    }

    private void Assemble(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!_sessions.TryGetValue(header.SessionId, out var buffer))
        {
            if ((header.Flags & DataFrame.BeginFlag) == 0)
            {
                return;
            }

#pragma warning disable FE001 // Once per session that fragments its messages.
            buffer = new AssemblyBuffer();
#pragma warning restore FE001
            _sessions.Add(header.SessionId, buffer);
        }

        if ((header.Flags & DataFrame.BeginFlag) != 0)
        {
            buffer.Begin(payload, header);
        }
        else if (buffer.TryContinue(payload, header) && (header.Flags & DataFrame.EndFlag) != 0)
        {
            var message = buffer.Complete(header.Position, header.Flags, out var whole);
            Handler.OnFragment(message, whole);
        }
    }
}

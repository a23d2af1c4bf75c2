using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron;

#pragma warning disable FE005 // A struct handler is called directly; a class is the caller's choice.

/// <summary>
/// <see cref="FragmentAssembler{THandler}"/> for controlled polls. When the handler aborts a message, its last
/// fragment comes again and completes it again.
/// </summary>
[Hot]
public struct ControlledFragmentAssembler<THandler> : IControlledFragmentHandler
    where THandler : IControlledFragmentHandler
{
    /// <summary>Takes the messages.</summary>
    public THandler Handler;

    private readonly Dictionary<int, AssemblyBuffer> _sessions;

    /// <summary>An assembler in front of <paramref name="handler"/>.</summary>
    public ControlledFragmentAssembler(THandler handler)
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
    public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        (header.Flags & DataFrame.Unfragmented) == DataFrame.Unfragmented
            ? Handler.OnFragment(payload, header)
            : Assemble(payload, header);

    private ControlledPollAction Assemble(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!_sessions.TryGetValue(header.SessionId, out var buffer))
        {
            if ((header.Flags & DataFrame.BeginFlag) == 0)
            {
                return ControlledPollAction.Continue;
            }

#pragma warning disable FE001 // Once per session that fragments its messages.
            buffer = new AssemblyBuffer();
#pragma warning restore FE001
            _sessions.Add(header.SessionId, buffer);
        }

        if ((header.Flags & DataFrame.BeginFlag) != 0)
        {
            buffer.Begin(payload, header);
            return ControlledPollAction.Continue;
        }

        if (!buffer.TryContinue(payload, header) || (header.Flags & DataFrame.EndFlag) == 0)
        {
            return ControlledPollAction.Continue;
        }

        var message = buffer.Complete(header.Position, header.Flags, out var whole);
        var action = Handler.OnFragment(message, whole);
        if (action == ControlledPollAction.Abort)
        {
            buffer.Rewind(payload.Length, header);
        }

        return action;
    }
}

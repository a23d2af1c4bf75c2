using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron;

#pragma warning disable FE005 // A struct handler is called directly; a class is the caller's choice.
#pragma warning disable CA1001 // They are disposable; the rule does not see it in structs.

/// <summary>
/// <see cref="FragmentAssembler{THandler}"/> for one <see cref="Image"/>: one buffer, and no look-up by session.
/// </summary>
[Hot]
public struct ImageFragmentAssembler<THandler> : IFragmentHandler, IDisposable
    where THandler : IFragmentHandler
{
    /// <summary>Takes the messages.</summary>
    public THandler Handler;

    private readonly AssemblyBuffer _buffer;

    /// <summary>An assembler in front of <paramref name="handler"/>.</summary>
    public ImageFragmentAssembler(THandler handler)
    {
        Handler = handler;
        _buffer = new AssemblyBuffer();
    }

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if ((header.Flags & DataFrame.Unfragmented) == DataFrame.Unfragmented)
        {
            Handler.OnFragment(payload, header);
        }
        else if ((header.Flags & DataFrame.BeginFlag) != 0)
        {
            _buffer.Begin(payload, header);
        }
        else if (_buffer.TryContinue(payload, header) && (header.Flags & DataFrame.EndFlag) != 0)
        {
            var message = _buffer.Complete(header.Position, header.Flags, out var whole);
            Handler.OnFragment(message, whole);
        }
    }

    /// <summary>Frees the buffer.</summary>
    public readonly void Dispose() => _buffer.Dispose();
}

/// <summary>
/// <see cref="ControlledFragmentAssembler{THandler}"/> for one <see cref="Image"/>: one buffer, no look-up by session.
/// </summary>
[Hot]
public struct ImageControlledFragmentAssembler<THandler> : IControlledFragmentHandler, IDisposable
    where THandler : IControlledFragmentHandler
{
    /// <summary>Takes the messages.</summary>
    public THandler Handler;

    private readonly AssemblyBuffer _buffer;

    /// <summary>An assembler in front of <paramref name="handler"/>.</summary>
    public ImageControlledFragmentAssembler(THandler handler)
    {
        Handler = handler;
        _buffer = new AssemblyBuffer();
    }

    /// <inheritdoc/>
    public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if ((header.Flags & DataFrame.Unfragmented) == DataFrame.Unfragmented)
        {
            return Handler.OnFragment(payload, header);
        }

        if ((header.Flags & DataFrame.BeginFlag) != 0)
        {
            _buffer.Begin(payload, header);
            return ControlledPollAction.Continue;
        }

        if (!_buffer.TryContinue(payload, header) || (header.Flags & DataFrame.EndFlag) == 0)
        {
            return ControlledPollAction.Continue;
        }

        var message = _buffer.Complete(header.Position, header.Flags, out var whole);
        var action = Handler.OnFragment(message, whole);
        if (action == ControlledPollAction.Abort)
        {
            _buffer.Rewind(payload.Length, header);
        }

        return action;
    }

    /// <summary>Frees the buffer.</summary>
    public readonly void Dispose() => _buffer.Dispose();
}

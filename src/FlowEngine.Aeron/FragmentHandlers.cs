using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>Takes fragments from a poll; payload and header are valid during the call only.</summary>
public delegate void FragmentHandler(ReadOnlySpan<byte> payload, in FragmentHeader header);

/// <summary>Takes fragments from a controlled poll and says how to go on.</summary>
public delegate ControlledPollAction ControlledFragmentHandler(
    ReadOnlySpan<byte> payload, in FragmentHeader header);

/// <summary>Takes blocks of whole frames from a block poll; valid during the call only.</summary>
public delegate void BlockHandler(ReadOnlySpan<byte> block, int sessionId, int termId);

/// <summary>A delegate as a struct handler, for polls and in assemblers: one indirect call, no allocation.</summary>
[Hot]
public readonly struct FragmentDelegate(FragmentHandler handler)
    : IFragmentHandler
{
    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => handler(payload, header);
}

/// <summary>A delegate as a struct handler, for controlled polls and in assemblers.</summary>
[Hot]
public readonly struct ControlledFragmentDelegate(ControlledFragmentHandler handler)
    : IControlledFragmentHandler
{
    /// <inheritdoc/>
    public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        handler(payload, header);
}

/// <summary>A delegate as a struct handler, for block polls.</summary>
[Hot]
public readonly struct BlockDelegate(BlockHandler handler) : IBlockHandler
{
    /// <inheritdoc/>
    public void OnBlock(ReadOnlySpan<byte> block, int sessionId, int termId) => handler(block, sessionId, termId);
}

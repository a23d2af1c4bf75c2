using FlowEngine.Aeron;

namespace FlowEngine.Tests.Aeron;

/// <summary>Keeps copies of the fragments it gets.</summary>
internal struct Collector() : IFragmentHandler
{
    public List<Fragment> Fragments { get; } = [];

    public readonly void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => Fragments.Add(new Fragment(
        payload.ToArray(),
        header.Position,
        header.SessionId,
        header.StreamId,
        header.TermId,
        header.TermOffset,
        header.Flags,
        header.ReservedValue));
}

internal sealed record Fragment(
    byte[] Payload,
    long Position,
    int SessionId,
    int StreamId,
    int TermId,
    int TermOffset,
    byte Flags,
    long ReservedValue);

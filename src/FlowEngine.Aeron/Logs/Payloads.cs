using FlowEngine.Core;

namespace FlowEngine.Aeron.Logs;

/// <summary>A message in one piece.</summary>
[Hot]
internal ref struct SpanPayload(ReadOnlySpan<byte> bytes) : IPayload
{
    private ReadOnlySpan<byte> _rest = bytes;

    public int Length { get; } = bytes.Length;

    public void Read(Span<byte> destination)
    {
        _rest[..destination.Length].CopyTo(destination);
        _rest = _rest[destination.Length..];
    }
}

/// <summary>A message in two pieces: header and body.</summary>
[Hot]
internal ref struct PairPayload : IPayload
{
    private ReadOnlySpan<byte> _first;
    private ReadOnlySpan<byte> _second;

    public PairPayload(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        _first = first;
        _second = second;
        Length = checked(first.Length + second.Length);
    }

    public int Length { get; }

    public void Read(Span<byte> destination)
    {
        var count = Math.Min(_first.Length, destination.Length);
        _first[..count].CopyTo(destination);
        _first = _first[count..];
        destination = destination[count..];
        _second[..destination.Length].CopyTo(destination);
        _second = _second[destination.Length..];
    }
}

/// <summary>A message in any number of pieces.</summary>
[Hot]
internal ref struct PartsPayload : IPayload
{
    private readonly ReadOnlySpan<ReadOnlyMemory<byte>> _parts;
    private ReadOnlySpan<byte> _rest;
    private int _next;

    public PartsPayload(ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        _parts = parts;
        foreach (ref readonly var part in parts)
        {
            Length = checked(Length + part.Length);
        }
    }

    public int Length { get; }

    public void Read(Span<byte> destination)
    {
        while (true)
        {
            var count = Math.Min(_rest.Length, destination.Length);
            _rest[..count].CopyTo(destination);
            _rest = _rest[count..];
            destination = destination[count..];
            if (destination.IsEmpty)
            {
                return;
            }

            _rest = _parts[_next++].Span;
        }
    }
}

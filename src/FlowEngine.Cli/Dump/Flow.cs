using System.Buffers.Binary;
using System.Net;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Dump;

/// <summary>What tells one flow of a capture from another.</summary>
internal readonly record struct FlowKey(
    SegmentKind Kind, UInt128 Source, ushort SourcePort, UInt128 Destination, ushort DestinationPort)
{
    /// <summary>The flow a segment belongs to.</summary>
    public static FlowKey Of(in CapturedSegment segment) => new(
        segment.Kind, Number(segment.SourceAddress), segment.SourcePort, Number(segment.DestinationAddress),
        segment.DestinationPort);

    private static UInt128 Number(ReadOnlySpan<byte> address) => address.Length == 16
        ? BinaryPrimitives.ReadUInt128BigEndian(address) : BinaryPrimitives.ReadUInt32BigEndian(address);
}

/// <summary>One direction of one conversation in a capture.</summary>
internal sealed class Flow
{
    /// <summary>A flow that begins with a segment.</summary>
    public Flow(in CapturedSegment segment)
    {
        Source = new IPEndPoint(new IPAddress(segment.SourceAddress), segment.SourcePort).ToString();
        Destination = new IPEndPoint(new IPAddress(segment.DestinationAddress), segment.DestinationPort).ToString();
    }

    /// <summary>Address and port it comes from.</summary>
    public string Source { get; }

    /// <summary>Address and port it goes to.</summary>
    public string Destination { get; }

    /// <summary>The framing, once it is sure.</summary>
    public FramingKind? Framing { get; set; }

    /// <summary>Payloads that were tried for their framing.</summary>
    public int Tries { get; set; }

    /// <summary>TCP: the stream in order.</summary>
    public StreamAssembly Stream { get; } = new();

    /// <summary>TCP: where the cursor stands.</summary>
    public StreamState State { get; set; }

    /// <summary>Where the flow's last packet is.</summary>
    public MessagePlace Place { get; set; }
}

/// <summary>The flows of a capture.</summary>
internal sealed class FlowTable
{
    private readonly Dictionary<FlowKey, Flow> _flows = [];

    /// <summary>All flows.</summary>
    public IEnumerable<Flow> All => _flows.Values;

    /// <summary>The flow a segment belongs to.</summary>
    public Flow Of(in CapturedSegment segment)
    {
        var key = FlowKey.Of(in segment);
        if (!_flows.TryGetValue(key, out var flow))
        {
            flow = new Flow(in segment);
            _flows.Add(key, flow);
        }

        return flow;
    }
}

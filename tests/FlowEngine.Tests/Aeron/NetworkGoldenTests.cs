using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// The same publication, subscription and message as on Aeron's own driver leave the same counters, answers and logs;
/// only generated ids, ports, times and names of the build are masked.
/// </summary>
public sealed partial class NetworkGoldenTests : IDisposable
{
    private const string Channel = "aeron:udp?endpoint=127.0.0.1:24100|interface=127.0.0.1";
    private const int StreamId = 4001;
    private const int PageLength = 4096;

    private readonly string _directory = EmbeddedDriver.NewDirectory();
    private readonly NetworkHouse _house = new();
    private readonly NetworkHouse.Node _node;

    public NetworkGoldenTests()
    {
        _node = _house.Add();
        var subscription = _node.Client.AddSubscription(Channel, StreamId);
        var publication = _node.Client.AddExclusivePublication(Channel + "|session-id=777", StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.True(publication.Offer(Golden.Payload(40, 0x61)) > 0);
        var collector = new Collector();
        _house.Until(() => subscription.Poll(ref collector, 10) == 1);
        _house.Run(2);
    }

    [Fact]
    public void Counters_have_the_same_types_keys_labels_ids_and_values()
    {
        Golden.Copy("cnc-udp-active.dat.gz", _directory, CncFile.FileName);
        using var theirs = CncFile.Open(_directory, readOnly: true);
        using var ours = CncFile.Open(_node.Driver.Directory, readOnly: true);
        Assert.Equal(Streams(theirs), Streams(ours));
    }

    [Fact]
    public void Answers_come_in_the_same_order_with_the_same_content()
    {
        var theirs = Golden.Read("cnc-udp-active.dat.gz");
        Golden.Copy("cnc-udp-active.dat.gz", _directory, CncFile.FileName);
        using var theirCnc = CncFile.Open(_directory, readOnly: true);
        using var ourCnc = CncFile.Open(_node.Driver.Directory, readOnly: true);
        Assert.Equal(
            Answers(theirs, theirCnc.Counters).Where(answer => answer.Type != ResponseType.Error),
            Answers(File.ReadAllBytes(CncFile.PathIn(_node.Driver.Directory)), ourCnc.Counters));
    }

    [Theory]
    [InlineData("udp-publication-64k.logbuffer", "publications/3.logbuffer")]
    [InlineData("udp-image-64k.logbuffer", "images/4.logbuffer")]
    public void Logs_are_the_same_byte_for_byte(string golden, string log)
    {
        var theirs = Golden.Read(golden);
        var ours = File.ReadAllBytes(Path.Combine(_node.Driver.Directory, log));
        Assert.Equal(theirs.Length, ours.Length);
        Mask(theirs);
        Mask(ours);
        for (var offset = 0; offset < theirs.Length; offset++)
        {
            if (theirs[offset] != ours[offset])
            {
                Assert.Fail($"byte {offset}, metadata {offset - theirs.Length + PageLength}: "
                    + $"theirs {theirs[offset]:x2}, ours {ours[offset]:x2}");
            }
        }
    }

    public void Dispose()
    {
        _house.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>Zeroes the random term ids, and the buffer sizes of the machine.</summary>
    private static void Mask(byte[] log)
    {
        const int Tails = 3;
        var metadata = log.AsSpan(log.Length - PageLength);
        log.AsSpan(20, 4).Clear();
        for (var i = 0; i < Tails; i++)
        {
            var termId = metadata.Slice((i * sizeof(long)) + 4, 4);
            var expected = BinaryPrimitives.ReadInt32LittleEndian(metadata[264..]) + (i == 0 ? 0 : i - Tails);
            var isUsed = BinaryPrimitives.ReadInt32LittleEndian(termId) != 0;
            Assert.True(!isUsed || BinaryPrimitives.ReadInt32LittleEndian(termId) == expected);
            BinaryPrimitives.WriteInt32LittleEndian(termId, isUsed ? 1 : 0);
        }

        metadata.Slice(264, 4).Clear();
        metadata.Slice(296, 4).Clear();
        metadata.Slice(308, 4).Clear();
        metadata.Slice(320 + 20, 4).Clear();
    }

    private static List<string> Streams(CncFile cnc)
    {
        var counters = cnc.Counters;
        var lines = new List<string>();
        foreach (var counter in counters.Scan().Where(counter => counter.TypeId is not 0 and not 11))
        {
            var label = PortOf().Replace(counter.Label, "127.0.0.1:PORT");
            var key = counters.Key(counter.Id);
            var text = counter.TypeId switch
            {
                6 or 7 => Text(key, 0),
                14 => $"of type {counters.TypeId(BinaryPrimitives.ReadInt32LittleEndian(key))} "
                    + PortOf().Replace(Text(key, 4), "127.0.0.1:PORT"),
                _ => $"{BinaryPrimitives.ReadInt64LittleEndian(key)} "
                    + $"{BinaryPrimitives.ReadInt32LittleEndian(key[8..])} "
                    + $"{BinaryPrimitives.ReadInt32LittleEndian(key[12..])} {Text(key, 16)}",
            };
            if (counter.TypeId == 14)
            {
                label = label[..label.IndexOf(':', StringComparison.Ordinal)] + label[label.LastIndexOf(' ')..];
            }

            lines.Add($"type {counter.TypeId} '{label}' key '{text}' registration {counter.RegistrationId} "
                + $"owner {counter.OwnerId} reference {counter.ReferenceId} value {counter.Value}");
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static List<(int Type, string Content)> Answers(byte[] cnc, CountersReader counters)
    {
        var start = 128 + BinaryPrimitives.ReadInt32LittleEndian(cnc.AsSpan(4));
        var capacity = BinaryPrimitives.ReadInt32LittleEndian(cnc.AsSpan(8)) - 128;
        var tail = BinaryPrimitives.ReadInt64LittleEndian(cnc.AsSpan(start + capacity + 8));
        var found = new List<(int, string)>();
        for (var offset = 0; offset < tail;)
        {
            var record = cnc.AsSpan(start + offset);
            var length = BinaryPrimitives.ReadInt32LittleEndian(record);
            var type = BinaryPrimitives.ReadInt32LittleEndian(record[4..]);
            found.Add((type, Describe(type, record[8..length], counters)));
            offset += (length + 7) & ~7;
        }

        return found;
    }

    private static string Describe(int type, ReadOnlySpan<byte> body, CountersReader counters)
    {
        switch (type)
        {
            case ResponseType.AvailableImage:
                Assert.True(AvailableImageResponse.TryRead(body, out var image));
                return $"{image.ImageId} {image.SessionId} {image.StreamId} {image.SubscriptionId} "
                    + $"{counters.Label(image.PositionCounterId)} {Name(image.LogFile)} "
                    + PortOf().Replace(Encoding.ASCII.GetString(image.SourceIdentity), "127.0.0.1:PORT");
            case ResponseType.ExclusivePublicationReady:
                Assert.True(PublicationReadyResponse.TryRead(body, out var ready));
                return $"{ready.CorrelationId} {ready.RegistrationId} {ready.SessionId} {ready.StreamId} "
                    + $"{counters.Label(ready.LimitCounterId)} {counters.TypeId(ready.ChannelStatusCounterId)} "
                    + Name(ready.LogFile);
            case ResponseType.SubscriptionReady or ResponseType.CounterReady:
                Assert.True(IdResponse.TryRead(body, out var id));
                return $"{id.CorrelationId} {counters.TypeId(id.Id)}";
            default:
                return "";
        }

        static string Name(ReadOnlySpan<byte> path) => Path.GetFileName(Encoding.ASCII.GetString(path));
    }

    private static string Text(ReadOnlySpan<byte> key, int offset) => Encoding.ASCII.GetString(
        key.Slice(offset + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(key[offset..])));

    /// <summary>The port the system chose; the one that was asked for stays.</summary>
    [GeneratedRegex(@"127\.0\.0\.1:(?!24100)\d+")]
    private static partial Regex PortOf();
}

using System.Globalization;
using System.Text.RegularExpressions;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Logs written by Aeron's own C client: we read the same from them, and write the same bytes.</summary>
public sealed partial class GoldenLogTests : IDisposable
{
    private const string ExclusiveChannel =
        "aeron:ipc?term-length=64k|init-term-id=5|term-id=6|term-offset=57344|session-id=1234|alias=gold-x";

    private const string ConcurrentChannel =
        "aeron:ipc?term-length=64k|session-id=-77|init-term-id=-1473915200|term-id=-1473915200|term-offset=0";

    private readonly string _directory = EmbeddedDriver.NewDirectory();

    [Fact]
    public void The_exclusive_log_is_read_as_its_publisher_wrote_it()
    {
        var messages = Poll("ipc-exclusive-64k.logbuffer", 122880, 1234, 2001);
        var expected = Offers("exclusive").Where(offer => offer.Length >= 0).ToArray();
        foreach (var offer in expected)
        {
            var message = Assert.Single(messages, m => m.Position == offer.Position);
            Assert.Equal(Golden.Payload(offer.Length, offer.Seed), message.Payload);
            Assert.Equal(0xC0, message.Flags & 0xC0);
            Assert.Equal((1234, 2001), (message.SessionId, message.StreamId));
        }

        Assert.Equal(0x1122334455667788, messages.Single(m => m.Position == 123296).ReservedValue);
        Assert.Equal(0xC5, messages.Single(m => m.Position == 123552).Flags);

        // Besides the offers with a seed: reserved value, gathered, committed claim; no padding, no aborted claim.
        Assert.Equal(expected.Length + 3, messages.Count);
        Assert.Equal(133952, messages[^1].Position);
    }

    [Fact]
    public void The_concurrent_log_is_read_up_to_the_open_claim()
    {
        var messages = Poll("ipc-concurrent-64k.logbuffer", 0, -77, 2002);
        var expected = Offers("concurrent").Where(offer => offer.Length >= 0 && offer.Position <= 11264).ToArray();
        Assert.Equal(expected.Select(o => (long)o.Position), messages.Select(m => m.Position));
        Assert.Equal(expected.Select(o => Golden.Payload(o.Length, o.Seed)), messages.Select(m => m.Payload));
        Assert.All(messages, m => Assert.Equal(-1473915200, m.TermId));
    }

    [Fact]
    public void The_same_offers_make_the_same_exclusive_log()
    {
        var golden = Golden.Read("ipc-exclusive-64k.logbuffer");
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        client.AddSubscription("aeron:ipc", 2001);
        client.AddSubscription("aeron:ipc?tether=true", 2002);
        var publication = client.AddExclusivePublication(ExclusiveChannel, 2001);
        house.Step();

        foreach (var offer in Offers("exclusive"))
        {
            Assert.Equal(offer.Position, Repeat(publication, offer, golden));
        }

        AssertSame(golden, Path.Combine(house.Directory, "publications", $"{publication.RegistrationId}.logbuffer"));
    }

    [Fact]
    public void The_same_offers_make_the_same_concurrent_log()
    {
        var golden = Golden.Read("ipc-concurrent-64k.logbuffer");
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        client.AddSubscription("aeron:ipc", 2001);
        client.AddSubscription("aeron:ipc?tether=true", 2002);
        client.AddExclusivePublication(ExclusiveChannel, 2001);
        var publication = client.AddPublication(ConcurrentChannel, 2002);
        house.Step();

        foreach (var offer in Offers("concurrent"))
        {
            if (offer.Length >= 0)
            {
                Assert.Equal(offer.Position, publication.Offer(Golden.Payload(offer.Length, offer.Seed)));
            }
            else
            {
                Assert.Equal(offer.Position, publication.TryClaim(48, out var claim));
                claim.Span.Fill(0xEE);
            }
        }

        AssertSame(golden, Path.Combine(house.Directory, "publications", $"{publication.RegistrationId}.logbuffer"));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [GeneratedRegex(@"len=(\d+) seed=(\d+) -> pos=(\d+)")]
    private static partial Regex SeededOffer();

    [GeneratedRegex(@"-> (\d+)")]
    private static partial Regex OtherOffer();

    /// <summary>One line of ipc-offers.txt; length -1 where it has no seed.</summary>
    private static List<GoldenOffer> Offers(string section)
    {
        var offers = new List<GoldenOffer>();
        foreach (var line in Golden.ReadLines("ipc-offers.txt").SkipWhile(l => l != $"== {section}").Skip(1))
        {
            if (line.StartsWith("==", StringComparison.Ordinal) || line.StartsWith("GATE", StringComparison.Ordinal))
            {
                break;
            }

            var seeded = SeededOffer().Match(line);
            offers.Add(seeded.Success
                ? new GoldenOffer(line, Number(seeded, 1), Number(seeded, 2), Number(seeded, 3))
                : new GoldenOffer(line, -1, 0, Number(OtherOffer().Match(line), 1)));
        }

        return offers;
    }

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static long Repeat(ExclusivePublication publication, GoldenOffer offer, byte[] golden)
    {
        if (offer.Length >= 0)
        {
            var payload = Golden.Payload(offer.Length, offer.Seed);
            var result = publication.Offer(payload);
            return result == PublicationResult.AdminAction ? publication.Offer(payload) : result;
        }

        // What these offers held is taken from the golden log itself, by position.
        var offset = (int)publication.Position;
        switch (offer.Line.Split(' ')[0] + " " + offer.Line.Split(' ')[1])
        {
            case "offer reserved":
                return publication.Offer(golden.AsSpan(offset + 32, 64), 0x1122334455667788);
            case "offerv 10+5+20":
                return publication.Offer(
                [
                    golden.AsMemory(offset + 32, 10), golden.AsMemory(offset + 42, 5),
                    golden.AsMemory(offset + 47, 20),
                ]);
            case "claim 40":
                var aborted = publication.TryClaim(40, out var abort);
                abort.Abort();
                return aborted;
            case "claim 24":
                var committed = publication.TryClaim(24, out var commit);
                golden.AsSpan(offset + 32, 24).CopyTo(commit.Span);
                commit.Flags = 0xC5;
                commit.Commit();
                return committed;
            case "append_padding 200":
                return publication.AppendPadding(200);
            default:
                throw new InvalidOperationException(offer.Line);
        }
    }

    private static void AssertSame(byte[] golden, string path)
    {
        var ours = File.ReadAllBytes(path);
        Assert.Equal(golden.Length, ours.Length);

        // The two defaults of this machine's kernel are its own.
        int[] kernelFields =
        [
            LogBufferDescriptor.OsDefaultSendBufferLengthOffset, LogBufferDescriptor.OsDefaultReceiveBufferLengthOffset,
        ];
        foreach (var field in kernelFields)
        {
            golden.AsSpan(golden.Length - 4096 + field, 4).Clear();
            ours.AsSpan(ours.Length - 4096 + field, 4).Clear();
        }

        var difference = golden.AsSpan().CommonPrefixLength(ours);
        Assert.True(difference == golden.Length, $"first difference at {difference}");
    }

    private unsafe List<Fragment> Poll(string name, long joinPosition, int sessionId, int streamId)
    {
        var log = LogBuffers.Open(Golden.Copy(name, _directory, name));
        var counters = CountersManager.InPrivateMemory(1);
        var position = counters.Counter(counters.Allocate(4, default, "sub-pos"));
        position.Set(joinPosition);
        var image = new Image(log, position, log.CorrelationId, sessionId, streamId, "aeron:ipc");
        var assembler = new FragmentAssembler<Collector>(new Collector());
        while (image.Poll(ref assembler, 7) > 0)
        {
        }

        Assert.Equal(image.Position, position.Get());
        image.Close();
        Assert.True(image.TryRelease());
        return assembler.Handler.Fragments;
    }

    private sealed record GoldenOffer(string Line, int Length, int Seed, int Position);
}

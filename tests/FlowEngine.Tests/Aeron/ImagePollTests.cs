using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Logs;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>The rarer ways to read an image.</summary>
public sealed class ImagePollTests : IDisposable
{
    private readonly EmbeddedDriver _house = new();
    private readonly Subscription _subscription;
    private readonly ExclusivePublication _publication;
    private readonly Image _image;
    private readonly List<string> _seen = [];

    public ImagePollTests()
    {
        var client = _house.Connect();
        _subscription = client.AddSubscription("aeron:ipc", 1);
        _publication = client.AddExclusivePublication(
            new ChannelUriBuilder { Media = "ipc", Mtu = 1024 }.InitialPosition(65536 - 1024, 5, 65536).Build(), 1);
        _house.Step();
        _image = _subscription.Images[0];
    }

    private static long Start => 65536 - 1024;

    [Fact]
    public void A_bounded_poll_starts_no_fragment_at_or_behind_its_limit()
    {
        Offer("a", "b", "c");
        Assert.Equal(0, _image.BoundedPoll(Record, Start, 10));
        Assert.Equal(0, _image.BoundedPoll(Record, Start - 64, 10));
        Assert.Equal(2, _image.BoundedPoll(Record, Start + 65, 10));
        Assert.Equal(Start + 128, _image.Position);
        Assert.Equal(1, _image.BoundedPoll(Record, long.MaxValue, 10));
        Assert.Equal(["a", "b", "c"], _seen);
    }

    [Fact]
    public void A_bounded_controlled_poll_keeps_both_limits()
    {
        Offer("a", "b", "c", "d");
        Assert.Equal(1, _image.BoundedControlledPoll(Controlled(), Start + 128, 1));
        Assert.Equal(1, _image.BoundedControlledPoll(Controlled(), Start + 128, 10));
        Assert.Equal(0, _image.BoundedControlledPoll(Controlled(), Start + 128, 10));
        Assert.Equal(1, _image.BoundedControlledPoll(Controlled(ControlledPollAction.Break), long.MaxValue, 10));
        Assert.Equal(["a", "b", "c"], _seen);
        Assert.Equal(1, _image.ControlledPoll(Controlled(), 10));
    }

    [Fact]
    public void A_peek_consumes_nothing_and_ends_behind_whole_messages()
    {
        Offer("a", "b");
        Assert.True(_publication.TryClaim(8, out var abandoned) > 0);
        abandoned.Abort();
        Assert.True(_publication.TryClaim(4, out var open) > 0);
        Assert.Equal(Start + 192, _image.ControlledPeek(Start, Controlled(), long.MaxValue));
        Assert.Equal(Start + 64, _image.ControlledPeek(Start, Controlled(), Start + 64));
        Assert.Equal(Start, _image.ControlledPeek(Start, Controlled(ControlledPollAction.Abort), long.MaxValue));
        Assert.Equal(Start + 64, _image.ControlledPeek(Start, Controlled(ControlledPollAction.Break), long.MaxValue));
        Assert.Equal(["a", "b", "a", "a", "a"], _seen);
        Assert.Equal(Start, _image.Position);

        _image.Position = Start + 64;
        open.Commit();
        Assert.Equal(2, _image.Poll(Record, 10));
        Assert.Equal("b", _seen[^2]);
    }

    [Fact]
    public void A_peek_stops_before_an_unfinished_message()
    {
        Offer("a");
        Assert.True(_publication.TryClaim(8, out var first) > 0);
        first.Flags = DataFrame.BeginFlag;
        first.Commit();
        Assert.Equal(Start + 64, _image.ControlledPeek(Start, Controlled(), long.MaxValue));
        Assert.Equal(2, _seen.Count);
    }

    [Fact]
    public void The_position_moves_forward_in_the_term_in_whole_frames_only()
    {
        foreach (var bad in (long[])[Start - 32, Start + 16, 65536 + 32])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => _image.Position = bad);
            Assert.Throws<ArgumentOutOfRangeException>(
                () => _image.ControlledPeek(bad, Controlled(), long.MaxValue));
        }

        _image.Position = 65536;
        Assert.Equal(65536, _image.Position);
        Assert.Throws<ArgumentOutOfRangeException>(() => _image.Position = 65536 - 32);
        _subscription.Dispose();
        _image.Position = 65536 + 64;
        Assert.Equal((65536, 3L), (_image.Position, _image.ControlledPeek(3, Controlled(), 9)));
    }

    [Fact]
    public void Blocks_are_whole_frames_and_filler_comes_alone()
    {
        Offer("a", "b", "c");
        Assert.Equal(960 - 192, _publication.AppendPadding(960 - 192 - 32) - Start - 192);
        Assert.Equal(PublicationResult.AdminAction, _publication.Offer(new byte[100]));
        Offer("d");
        var blocks = new List<(int Length, int SessionId, int TermId, int Type)>();
        BlockHandler handler = (block, session, term) => blocks.Add((block.Length, session, term, block[6]));
        Assert.Equal(0, _image.BlockPoll(handler, 63));
        Assert.Equal(128, _image.BlockPoll(handler, 191));
        Assert.Equal(64, _subscription.BlockPoll(handler, 100_000));
        Assert.Equal(768, _image.BlockPoll(handler, 100_000));
        Assert.Equal(64, _image.BlockPoll(handler, 100_000));
        Assert.Equal(64, _image.BlockPoll(handler, 100_000));
        Assert.Equal(0, _image.BlockPoll(handler, 100_000));
        var session = _publication.SessionId;
        Assert.Equal(
            [(128, session, 5, 1), (64, session, 5, 1), (768, session, 5, 0), (64, session, 5, 0), (64, session, 6, 1)],
            blocks);
        Assert.Equal(65536 + 64, _image.Position);
    }

    [Fact]
    public void A_raw_poll_gives_the_bytes_of_the_file()
    {
        Offer("a", "b");
        var raw = new RawCompare();
        Assert.Equal(128, _subscription.RawPoll(ref raw, 4096));
        Assert.Equal((1, Start), (raw.Equal, raw.Offset));
        Assert.Equal(0, _image.RawPoll(ref raw, 4096));
    }

    [Fact]
    public void A_block_is_published_again_bit_by_bit()
    {
        using var elsewhere = new EmbeddedDriver();
        var client = elsewhere.Connect();
        var copy = client.AddSubscription("aeron:ipc", 1);
        var channel = new ChannelUriBuilder
        {
            Media = "ipc",
            Mtu = 1024,
            SessionId = $"{_publication.SessionId}",
        };
        var other = client.AddExclusivePublication(channel.InitialPosition(Start, 5, 65536).Build(), 1);
        elsewhere.Step();
        Offer("a");
        Assert.True(_publication.Offer("bb"u8, reservedValue: 77) > 0);
        var block = Array.Empty<byte>();
        Assert.Equal(128, _image.BlockPoll((bytes, _, _) => block = bytes.ToArray(), 4096));
        Assert.Throws<ArgumentException>(() => other.OfferBlock(block.AsSpan(64)));
        Assert.Throws<ArgumentException>(() => other.OfferBlock(block.AsSpan(0, 65)));
        Assert.Throws<ArgumentException>(() => other.OfferBlock(new byte[2048]));
        Assert.Equal(Start + 128, other.OfferBlock(block));
        Assert.Throws<ArgumentException>(() => other.OfferBlock(block));
        var again = Array.Empty<byte>();
        Assert.Equal(128, copy.BlockPoll((bytes, _, _) => again = bytes.ToArray(), 4096));
        Assert.Equal(block, again);

        other.Dispose();
        Assert.Equal(PublicationResult.Closed, other.OfferBlock(block));
    }

    [Fact]
    public void A_block_after_a_term_that_is_exactly_full_goes_into_the_next()
    {
        Assert.Equal(65536, _publication.AppendPadding(1024 - 32));
        var frame = new byte[64];
        BitConverter.TryWriteBytes(frame, 40);
        frame[5] = 0xC0;
        frame[6] = 1;
        BitConverter.TryWriteBytes(frame.AsSpan(12), _publication.SessionId);
        BitConverter.TryWriteBytes(frame.AsSpan(16), 1);
        BitConverter.TryWriteBytes(frame.AsSpan(20), 6);
        Assert.Equal(65536 + 64, _publication.OfferBlock(frame));
        Assert.Equal((6, 64), (_publication.TermId, _publication.TermOffset));
        Assert.Equal(0, _image.Poll(Record, 10));
        Assert.Equal(1, _image.Poll(Record, 10));
        Assert.Equal(8, _seen[0].Length);
    }

    [Fact]
    public void A_handler_may_poll_its_own_image_again()
    {
        Offer("a", "b", "c");
        var nested = 0;
        FragmentHandler inner = (payload, in header) => nested++;
        Assert.Equal(1, _image.Poll((payload, in header) => nested += 10 * _image.Poll(inner, 0), 1));
        Assert.Equal((0, Start + 64), (nested, _image.Position));
    }

    public void Dispose() => _house.Dispose();

    private void Record(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        _seen.Add(Encoding.ASCII.GetString(payload));

    private ControlledFragmentHandler Controlled(ControlledPollAction action = ControlledPollAction.Continue) =>
        (payload, in header) =>
        {
            _seen.Add(Encoding.ASCII.GetString(payload));
            return action;
        };

    private void Offer(params string[] texts)
    {
        foreach (var text in texts)
        {
            Assert.True(_publication.Offer(Encoding.ASCII.GetBytes(text)) > 0);
        }
    }

    private struct RawCompare : IRawBlockHandler
    {
        public int Equal;
        public long Offset;

        public void OnBlock(SafeFileHandle file, long fileOffset, ReadOnlySpan<byte> block, int sessionId, int termId)
        {
            var bytes = new byte[block.Length];
            RandomAccess.Read(file, bytes, fileOffset);
            Equal += block.SequenceEqual(bytes) ? 1 : 0;
            Offset = fileOffset;
        }
    }
}

using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>Streams of many terms: partitions are used again, and what goes out is what was published.</summary>
public sealed class LongStreamTests
{
    [Fact]
    public void Over_many_terms_every_byte_goes_out_once_in_order_and_partitions_are_clean_when_used_again() =>
        Gen.Select(Gen.Int[0, 4000].Array[20, 60], Gen.Int[1, 4]).Sample(
            (lengths, stepsPerStatus) =>
            {
                using var rig = new SendingRig();
                rig.Connect();
                var offered = new List<byte[]>();
                for (var i = 0; rig.Publisher.Position < 7L * SendingRig.TermLength; i++)
                {
                    var payload = Golden.Payload(lengths[i % lengths.Length], i);
                    while (rig.Offer(payload) < 0)
                    {
                        rig.SendStatus(rig.SenderPosition);
                        Steps(rig, stepsPerStatus);
                    }

                    offered.Add(payload);
                }

                for (var i = 0; i < 200 && rig.SenderPosition < rig.Publisher.Position; i++)
                {
                    rig.SendStatus(rig.SenderPosition);
                    rig.Step();
                }

                Assert.Equal(rig.Publisher.Position, rig.SenderPosition);
                var messages = Messages(rig.Transport.Sent.Select(sent => sent.Bytes));
                return messages.Count == offered.Count
                    && messages.Zip(offered).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
            },
            iter: 20);

    [Fact]
    public void What_lies_beyond_the_publishers_limit_is_always_zero() =>
        Gen.Int[1, 1376].Array[50].Sample(
            lengths =>
            {
                using var rig = new SendingRig();
                rig.Connect();
                for (var i = 0; i < 600; i++)
                {
                    if (rig.Offer(lengths[i % lengths.Length]) < 0)
                    {
                        rig.SendStatus(rig.SenderPosition);
                    }

                    rig.Step();
                    if (!IsCleanAhead(rig))
                    {
                        return false;
                    }
                }

                return rig.Publisher.Position > 3L * SendingRig.TermLength;
            },
            iter: 10);

    [Fact]
    public void The_limit_waits_until_the_partition_two_terms_on_is_clean()
    {
        using var rig = new SendingRig();
        rig.Connect();

        // Cleaned up to 1024 bytes before the end of the first term, a term behind.
        const long Half = SendingRig.TermLength / 2;
        const long Start = (2L * SendingRig.TermLength) - 1024;
        rig.PublishTo(Start);
        rig.Run(3);
        Assert.Equal(Start + Half, rig.PublisherLimit);

        // The publisher runs past its limit by the longest message, while the conductor does nothing.
        while (rig.Publisher.Position < rig.PublisherLimit - 1024)
        {
            rig.Publisher.AppendPadding(1024 - 32);
        }

        var end = rig.Publisher.AppendPadding(8192 - 32);
        Assert.Equal(rig.PublisherLimit - 1024 + 8192, end);
        for (var i = 0; i < 100 && rig.SenderPosition < end; i++)
        {
            rig.SendStatus(rig.SenderPosition);
            rig.Sender.DoWork(rig.Clock.NanoTime);
        }

        Assert.Equal(end, rig.SenderPosition);

        // One call cleans to the end of the first term only: the limit would be in the third term after it.
        rig.Publication.Update(rig.Clock.NanoTime, rig);
        Assert.Equal(Start + Half, rig.PublisherLimit);
        rig.Publication.Update(rig.Clock.NanoTime, rig);
        Assert.Equal(end + Half, rig.PublisherLimit);
    }

    private static void Steps(SendingRig rig, int count)
    {
        for (var i = 0; i < count; i++)
        {
            rig.Step();
        }
    }

    /// <summary>Whether everything from the publisher to its limit, and a message more, is zero.</summary>
    private static unsafe bool IsCleanAhead(SendingRig rig)
    {
        var log = rig.Publication.Parts.Log;
        var end = rig.PublisherLimit + 1408;
        for (var position = rig.Publisher.Position; position < end;)
        {
            var offset = (int)(position % SendingRig.TermLength);
            var length = (int)Math.Min(end - position, SendingRig.TermLength - offset);
            var term = log.Term((int)(position / SendingRig.TermLength % LogBufferDescriptor.PartitionCount));
            if (new ReadOnlySpan<byte>(term + offset, length).ContainsAnyExcept((byte)0))
            {
                return false;
            }

            position += length;
        }

        return true;
    }

    private static List<byte[]> Messages(IEnumerable<byte[]> datagrams)
    {
        var messages = new List<byte[]>();
        var open = new List<byte>();
        foreach (var datagram in datagrams.Where(d => FrameTypes.Type(d) == FrameTypes.Data))
        {
            for (var offset = 0; offset < datagram.Length && FrameTypes.Length(datagram.AsSpan(offset)) > 0;)
            {
                var frame = datagram.AsSpan(offset);
                var length = BinaryPrimitives.ReadInt32LittleEndian(frame);
                if (FrameTypes.Type(frame) == FrameTypes.Data)
                {
                    open.AddRange(frame[DataFrame.HeaderLength..length]);
                    if ((FrameTypes.Flags(frame) & DataFrame.EndFlag) != 0)
                    {
                        messages.Add([.. open]);
                        open.Clear();
                    }
                }

                offset += FrameTypes.Type(frame) == FrameTypes.Data ? DataFrame.Align(length) : DataFrame.HeaderLength;
            }
        }

        return messages;
    }
}

using System.IO.Compression;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class PcapReaderTests
{
    private const uint Ethernet = 1;
    private static readonly byte[] s_payload = [1, 2, 3, 4, 5];

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Pcap_is_read_in_both_byte_orders_and_resolutions(bool isLittleEndian, bool isNano)
    {
        byte[] file = new CaptureBytes(isLittleEndian).PcapHeader(isNano, Ethernet)
            .PcapRecord(1_700_000_000, 123_456, CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload)))
            .PcapRecord(1_700_000_001, 7, CaptureBytes.Ethernet(CaptureBytes.Ipv6(s_payload))).Done();
        long unit = isNano ? 1 : 1000;
        Packet[] packets = Read(file, out PcapReader reader);
        Assert.Equal(CaptureFormat.Pcap, reader.Format);
        Assert.Equal([1_700_000_000_000_000_000 + (123_456 * unit), 1_700_000_001_000_000_000 + (7 * unit)],
            packets.Select(p => p.TimeNs));
        Assert.All(packets, p => Assert.Equal((6100, "0102030405"), (p.Port, p.Payload)));
        Assert.Equal(["EF010203", "FF020000000000000000000000000009"], packets.Select(p => p.Address));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pcapng_is_read_with_all_its_blocks_and_resolutions(bool isLittleEndian)
    {
        byte[] frame = CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload));
        byte[] file = new CaptureBytes(isLittleEndian).Section().Interface(1).Interface(1, resolution: 9)
            .Interface(1, resolution: 0x80 | 20).Block(5, body => body.U32(0)).Block(0x0bad, body => body.Add(1, 2, 3))
            .Enhanced(0, 1_700_000_000_000_001, frame).Enhanced(1, 1_700_000_000_000_000_002, frame)
            .Enhanced(2, (1_700_000_000UL << 20) + (1 << 19), frame).Simple(frame).Done();
        byte[] other = new CaptureBytes(!isLittleEndian).Section().Interface(1, resolution: 3)
            .Enhanced(0, 1_700_000_000_004, frame).Done();
        Packet[] packets = Read([.. file, .. other], out PcapReader reader);
        Assert.Equal(CaptureFormat.PcapNg, reader.Format);
        Assert.Equal(
            [
                1_700_000_000_000_001_000, 1_700_000_000_000_000_002, 1_700_000_000_500_000_000, 0,
                1_700_000_000_004_000_000,
            ],
            packets.Select(p => p.TimeNs));
        Assert.All(packets, p => Assert.Equal("0102030405", p.Payload));
        Assert.Equal(2, reader.Statistics.SkippedBlocks);
    }

    [Fact]
    public void Every_link_type_leads_to_the_same_datagram()
    {
        byte[] ip = CaptureBytes.Ipv4(s_payload, options: 3);
        (uint Link, byte[] Frame)[] frames =
        [
            (1, CaptureBytes.Ethernet(ip)), (1, CaptureBytes.Ethernet(ip, 0x8100)),
            (1, CaptureBytes.Ethernet(ip, 0x88a8, 0x8100)),
            (0, [2, 0, 0, 0, .. ip]), (108, [0, 0, 0, 2, .. ip]), (101, ip), (12, ip), (228, ip),
            (229, CaptureBytes.Ipv6(s_payload)),
            (113, [.. new byte[14], 8, 0, .. ip]), (276, [8, 0, .. new byte[18], .. ip]),
        ];
        foreach ((uint link, byte[] frame) in frames)
        {
            Packet packet = Assert.Single(
                Read(new CaptureBytes(true).PcapHeader(true, link).PcapRecord(1, 1, frame).Done(), out _));
            Assert.Equal("0102030405", packet.Payload);
        }
    }

    [Fact]
    public void What_is_no_whole_datagram_is_counted_by_kind()
    {
        byte[] ip = CaptureBytes.Ipv4(s_payload);
        byte[] tooLong = CaptureBytes.Ipv4(s_payload);
        tooLong[0] = 0x4f;
        byte[] file = new CaptureBytes(true).PcapHeader(true, Ethernet)
            .PcapRecord(1, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload, protocol: 6)))
            .PcapRecord(1, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload, fragment: 0x2000)))
            .PcapRecord(1, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload, fragment: 3)))
            .PcapRecord(1, 0, [.. CaptureBytes.Ethernet(ip)[..44]], original: 60)
            .PcapRecord(1, 0, [.. CaptureBytes.Ethernet(tooLong)[..40]])
            .PcapRecord(1, 0, CaptureBytes.Ethernet(ip)).Done();
        Assert.Single(Read(file, out PcapReader reader));
        CaptureStatistics statistics = reader.Statistics;
        Assert.Equal(
            (1L, 2L, 1L, 1L, 1L),
            (statistics.OtherFrames, statistics.Fragments, statistics.Truncated, statistics.Malformed,
                statistics.Datagrams));
        Assert.Empty(Read(new CaptureBytes(true).PcapHeader(true, 9999).PcapRecord(1, 0, ip).Done(), out reader));
        Assert.Equal(1, reader.Statistics.UnknownLinks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_cut_anywhere_gives_its_whole_packets_and_says_that_it_was_cut(bool isNg)
    {
        byte[] frame = CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload));
        CaptureBytes start = isNg
            ? new CaptureBytes(true).Section().Interface(1)
            : new CaptureBytes(true).PcapHeader(true, Ethernet);
        int headers = start.Done().Length;
        int first = (isNg ? start.Enhanced(0, 1, frame) : start.PcapRecord(1, 1, frame)).Done().Length;
        byte[] file = (isNg ? start.Enhanced(0, 2, frame) : start.PcapRecord(2, 2, frame)).Done();
        for (int length = headers; length <= file.Length; length++)
        {
            int packets = Read(file[..length], out PcapReader reader).Length;
            Assert.Equal(length < first ? 0 : length < file.Length ? 1 : 2, packets);
            Assert.Equal(length == headers || length == first || length == file.Length ? 0 : 1,
                reader.Statistics.Truncated);
        }
    }

    [Fact]
    public void Gzip_is_told_by_content_and_unpacked_on_the_way()
    {
        var capture = new CaptureBytes(true).PcapHeader(true, Ethernet);
        for (uint i = 0; i < 3000; i++)
        {
            capture.PcapRecord(i, 1, CaptureBytes.Ethernet(CaptureBytes.Ipv4(BitConverter.GetBytes(i))));
        }

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(capture.Done());
        }

        Packet[] packets = Read(packed.ToArray(), out PcapReader reader);
        Assert.Equal(CaptureFormat.Pcap, reader.Format);
        Assert.Equal(3000, packets.Length);
        Assert.Equal(2999_000_000_001, packets[^1].TimeNs);
    }

    [Fact]
    public void What_cannot_be_read_is_said_in_one_line_with_file_and_place()
    {
        byte[] frame = CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload));
        AssertRefused([], "is empty");
        AssertRefused("hello, world"u8.ToArray(), "is no capture");
        AssertRefused([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], "cannot be read");
        AssertRefused(new CaptureBytes(true).PcapHeader(true, 1).Done()[..20], "header is cut off");
        AssertRefused(new CaptureBytes(true).PcapHeader(true, 1).U32(1).U32(1).U32(9_999_999).U32(1).Done(),
            "at byte 24: a pcap record claims 9999999");
        AssertRefused(new CaptureBytes(true).Section().U32(1).U32(7).U32(7).Done(), "block claims 7 bytes");
        AssertRefused(new CaptureBytes(true).Section().U32(6).U32(0x7ffffff0).U32(7).Done(), "block claims 2147483632");
        AssertRefused(new CaptureBytes(true).Section().Enhanced(0, 1, frame).Done(), "names interface 0 of 0");
        AssertRefused(new CaptureBytes(true).Section().Interface(1, resolution: 0x7f).Done(), "interface description");
        byte[] unequal = new CaptureBytes(true).Section().Interface(1).Done();
        unequal[^4] ^= 4;
        AssertRefused(unequal, "two lengths differ");
        Assert.Contains("no such file",
            Assert.Throws<CaptureException>(() => CaptureFile.Open("/nowhere/at/all.pcap")).Message);
        Assert.Contains("is a folder",
            Assert.Throws<CaptureException>(() => CaptureFile.Open(Path.GetTempPath())).Message);
    }

    [Fact]
    public void Bit_flips_end_in_packets_or_in_a_capture_exception()
    {
        byte[] frame = CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload), 0x8100);
        byte[] file = new CaptureBytes(true).Section().Interface(1, resolution: 9).Enhanced(0, 1, frame).Simple(frame)
            .Enhanced(0, 2, CaptureBytes.Ethernet(CaptureBytes.Ipv6(s_payload))).Done();
        var random = new Random(23);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] flipped = (byte[])file.Clone();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.InRange(Read(flipped, out _).Length, 0, 3);
            }
            catch (CaptureException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }
    }

    [Fact]
    public void Several_files_are_one_source_and_other_datagrams_are_passed_over()
    {
        string folder = Directory.CreateTempSubdirectory("flow-captures").FullName;
        try
        {
            byte[] venue = new DeribitPackets().Ticker().Done();
            CaptureBytes capture = new CaptureBytes(true).PcapHeader(true, Ethernet);
            capture.PcapRecord(5, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(venue)))
                .PcapRecord(6, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(s_payload)))
                .PcapRecord(7, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(venue)))
                .PcapRecord(6, 9, CaptureBytes.Ethernet(CaptureBytes.Ipv4(venue)));
            string path = Path.Combine(folder, "a.pcap");
            File.WriteAllBytes(path, capture.Done());
            using var source = new CaptureSource(path, path);
            byte[] buffer = new byte[source.MaxPacketLength];
            var dues = new List<long>();
            for (int length; (length = source.NextPacket(buffer, out long due)) > 0;)
            {
                Assert.Equal(VenueEnvelope.Overhead + venue.Length, length);
                dues.Add(due);
            }

            Assert.Equal([0, 2_000_000_000, 2_000_000_000, 2_000_000_000, 4_000_000_000, 4_000_000_000], dues);
            Assert.Equal((3, 1), (source.File.VenuePackets, source.File.OtherDatagrams));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertRefused(byte[] file, string what)
    {
        string message = Assert.Throws<CaptureException>(() => Read(file, out _)).Message;
        Assert.Contains(what, message);
        Assert.StartsWith("test.pcap", message);
        Assert.DoesNotContain('\n', message);
    }

    private static Packet[] Read(byte[] file, out PcapReader reader)
    {
        using PcapReader opened = PcapReader.Open(new MemoryStream(file), "test.pcap");
        reader = opened;
        var packets = new List<Packet>();
        while (opened.TryRead(out CapturedPacket packet))
        {
            packets.Add(new Packet(
                packet.CaptureTimeNs,
                packet.DestinationPort,
                Convert.ToHexString(packet.DestinationAddress),
                Convert.ToHexString(packet.Payload)));
        }

        return [.. packets];
    }

    private sealed record Packet(long TimeNs, int Port, string Address, string Payload);
}

using System.Buffers.Binary;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Sbe;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary><c>flowengine dump</c> on bad input: one line says what is wrong and where, and the dump goes on.</summary>
public sealed class DumpFaultTests : IDisposable
{
    private const string Schema = "schemas/Cme.Futures.Mdp3.Sbe.v1.8.xml";
    private const string Capture = "cme_mdp3/Cme/Mdp3.Sbe.v1.8/MdIncrementalRefreshVolume.pcap";
    private const int Messages = 280;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_missing_file_is_told_in_one_line_and_the_next_file_has_its_turn()
    {
        var capture = DumpTests.Need(Capture);
        using var run = Dump(out var exitCode, _directory.File("none.pcap"), capture);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("none.pcap: no such file", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(Messages, DumpTests.Lines(run).Count);
    }

    [Fact]
    public void A_missing_schema_is_told_in_one_line()
    {
        using var run = CliRun.ToEnd(out var exitCode, "dump", "--schema", _directory.File("none.xml"), "x.pcap");
        AssertOneLine(run, exitCode, "none.xml: no such file");
    }

    [Theory]
    [InlineData("no xml at all", "bad.xml(1,1): error SBE001")]
    [InlineData("<a/>", "bad.xml(1,2): error SBE002")]
    public void A_schema_with_errors_is_told_in_one_line_with_the_place(string xml, string expected)
    {
        File.WriteAllText(_directory.File("bad.xml"), xml);
        using var run = CliRun.ToEnd(out var exitCode, "dump", "--schema", _directory.File("bad.xml"), "x.pcap");
        AssertOneLine(run, exitCode, expected);
    }

    [Fact]
    public void The_wrong_schema_is_told_in_one_line_that_says_which_one_is_needed()
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--schema",
            DumpTests.Need("schemas/B3.Equities.BinaryUmdf.Sbe.v1.8.xml"), DumpTests.Need(Capture));
        AssertOneLine(
            run, exitCode,
            "no message of B3.Equities.BinaryUmdf.Sbe.v1.8.xml (id 2, version 9) is in it; "
                + "it looks like cme-mdp3 with messages of schema id 1 version 8");
    }

    [Fact]
    public void A_truncated_capture_gives_what_is_whole_and_names_the_end()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need(Capture));
        using var run = Dump(out var exitCode, Write(bytes[..^10]));
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Matches(
            @"damaged\.pcap at byte \d+: the file ends inside a record, behind packet 111$",
            Assert.Single(run.ErrorLines));
        Assert.InRange(DumpTests.Lines(run).Count, Messages - 10, Messages - 1);
    }

    [Fact]
    public void A_damaged_message_is_named_with_its_place_and_the_others_are_printed()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need(Capture));
        var (record, payload) = Record(bytes, 5);

        // The block of the packet's first message: 12 bytes packet header, 2 bytes size, then the SBE header.
        bytes[payload + 14] = 1;
        using var run = Dump(out var exitCode, Write(bytes));
        Assert.Equal(ExitCode.Failed, exitCode);
        var told = Assert.Single(run.ErrorLines);
        Assert.Contains($"at byte {record} (packet 5), payload byte 14: 'MDIncre", told, StringComparison.Ordinal);
        Assert.Contains("claims a block of 1 bytes", told, StringComparison.Ordinal);
        Assert.Equal(Messages - 1, DumpTests.Lines(run).Count);
    }

    [Fact]
    public void A_damaged_size_costs_the_rest_of_its_packet_only()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need(Capture));
        var (record, payload) = Record(bytes, 5);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(payload + 12), 60_000);
        using var run = Dump(out var exitCode, Write(bytes));
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Matches(
            $@"at byte {record} \(packet 5\), payload byte 12: a message's frame claims 60000 bytes and \d+ are left$",
            Assert.Single(run.ErrorLines));
        var lines = DumpTests.Lines(run);
        Assert.DoesNotContain(lines, line => line.GetProperty("packet").GetInt32() == 5);
        Assert.Equal(112, lines[^1].GetProperty("packet").GetInt32());
    }

    [Fact]
    public void A_corrupt_record_of_a_capture_costs_that_packet_only()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need(Capture));
        var (record, _) = Record(bytes, 5);
        var (next, _) = Record(bytes, 6);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(record + 8), 0x7fffffff);
        using var run = Dump(out var exitCode, Write(bytes));
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(
            $"at byte {record}: a pcap record claims 2147483647 bytes", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith($"goes on at byte {next}", run.ErrorLines[1], StringComparison.Ordinal);
        using var whole = Dump(out _, DumpTests.Need(Capture));
        var lost = DumpTests.Lines(whole).Count(line => line.GetProperty("packet").GetInt32() == 5);
        Assert.Equal(Messages - lost, DumpTests.Lines(run).Count);
    }

    [Fact]
    public void A_corrupt_block_of_a_pcapng_costs_that_packet_only()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need("deribit_sbe/pcaps/price_index.pcapng"));
        var block = 0;
        for (var i = 0; i < 40; i++)
            block += BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(block + 4));
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(block + 4));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(block + 4), length + 4);
        var path = Write(bytes);
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--schema",
            DumpTests.Need("deribit_sbe/deribit_multicast_v3_reconstructed.xml"), path);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("at byte ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("a pcapng block's two lengths differ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.InRange(DumpTests.Lines(run).Count, 1277 - 3, 1277 - 1);
    }

    [Fact]
    public void A_message_of_an_unknown_template_is_printed_as_it_is()
    {
        var bytes = File.ReadAllBytes(DumpTests.Need(Capture));
        var (_, payload) = Record(bytes, 5);
        bytes[payload + 16] = 250;
        using var run = Dump(out var exitCode, Write(bytes));
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains(
            "messages that the schema does not know: 1, printed", Assert.Single(run.ErrorLines),
            StringComparison.Ordinal);
        var lines = DumpTests.Lines(run);
        Assert.Equal(Messages, lines.Count);
        var unknown = Assert.Single(lines, line => line.TryGetProperty("unknown", out _));
        Assert.Equal(250, unknown.GetProperty("templateId").GetInt32());
        Assert.Equal(5, unknown.GetProperty("packet").GetInt32());
        var raw = Convert.FromHexString(unknown.GetProperty("raw").GetString()!);
        Assert.Equal(bytes.AsSpan(payload + 14, raw.Length).ToArray(), raw);
        Assert.Equal(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(payload + 12)) - 2, raw.Length);
    }

    [Theory]
    [InlineData("binance_trades", "stream_1_0.xml", 0)]
    [InlineData("binance_fix_logon_with_sofh", "spot-fixsbe-1_1.xml", 6)]
    public void In_a_file_of_messages_the_dump_goes_on_behind_rubbish(string vector, string schema, int frame)
    {
        var folder = SbeFiles.NeedFolder(SbeFiles.Conformance);
        var message = File.ReadAllBytes(Path.Combine(folder, vector + ".bin"));
        var path = _directory.File("messages.bin");
        File.WriteAllBytes(path, [.. message, 1, 2, 3, .. message, .. message]);
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--schema", Path.Combine(folder, "schemas", schema), path);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains($"messages.bin at byte {message.Length}", run.ErrorLines[0], StringComparison.Ordinal);
        var found = DumpTests.Lines(run).Where(line => !line.TryGetProperty("unknown", out _))
            .Select(line => line.GetProperty("offset").GetInt32());
        Assert.Equal([frame, message.Length + 3 + frame, (message.Length * 2) + 3 + frame], found);
    }

    [Theory]
    [InlineData("dump x.pcap", "which schema? give its XML file with --schema")]
    [InlineData("dump --schema x.xml", "nothing to dump")]
    [InlineData("dump --schema x.xml --framing xx y.pcap", "--framing is 'xx': use one of b3-umdf, ")]
    public void A_command_line_that_makes_no_sense_is_told_in_one_line(string line, string expected)
    {
        using var run = CliRun.ToEnd(out var exitCode, line.Split(' '));
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_framing_is_believed()
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--framing", "memoir", "--schema", DumpTests.Need(Schema),
            DumpTests.Need(Capture));
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Empty(run.Out);
        Assert.Equal(112, run.ErrorLines.Length);
        Assert.All(
            run.ErrorLines, told => Assert.EndsWith("no memoir packet begins here", told, StringComparison.Ordinal));
    }

    private static void AssertOneLine(CliRun run, int exitCode, string expected)
    {
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    private static CliRun Dump(out int exitCode, params string[] files) =>
        CliRun.ToEnd(out exitCode, ["dump", "--json", "--schema", DumpTests.Need(Schema), .. files]);

    private string Write(byte[] bytes)
    {
        var path = _directory.File("damaged.pcap");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    // A packet of a pcap: where its record begins, and its payload behind Ethernet, IPv4 and UDP.
    private static (int Record, int Payload) Record(byte[] pcap, int packet)
    {
        Assert.Equal(0xa1u, BinaryPrimitives.ReadUInt32LittleEndian(pcap) >> 24);
        var record = 24;
        for (var i = 1; i < packet; i++)
            record += 16 + BinaryPrimitives.ReadInt32LittleEndian(pcap.AsSpan(record + 8));
        var frame = record + 16;
        var ip = BinaryPrimitives.ReadUInt16BigEndian(pcap.AsSpan(frame + 12)) == 0x8100 ? frame + 18 : frame + 14;
        return (record, ip + ((pcap[ip] & 0xf) * 4) + 8);
    }
}

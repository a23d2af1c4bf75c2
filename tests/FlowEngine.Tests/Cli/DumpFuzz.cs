using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary>
/// Captures with random damage: the dump ends, with whole JSON lines and exit code 0 or 1, and no fault of its own.
/// Twenty thousand with <c>FLOWENGINE_FULL=1</c>, one percent otherwise; <c>FLOWENGINE_SEED</c> replays a run.
/// </summary>
public sealed class DumpFuzz
{
    private const int FullRounds = 20_000;
    private const int DefaultSeed = 20260823;

    [Theory]
    [InlineData(
        "schemas/Cme.Futures.Mdp3.Sbe.v1.5.xml",
        "omi_packets/Cme/Mdp3.Sbe.v1.5/MdInstrumentDefinitionSpread.pcap")]
    [InlineData(
        "schemas/Cme.Futures.Mdp3.Sbe.v1.12.xml",
        "cme_mdp3/Cme/Mdp3.Sbe.v1.12/SnapshotFullRefreshTcpLongQty.Tcp.pcap")]
    [InlineData(
        "schemas/Memx.Equities.MemoirDepth.Sbe.v1.3.xml",
        "omi_packets/Memx/Equities.MemiorDepth.v1.3/MultipleMessages.pcap")]
    [InlineData("deribit_sbe/deribit_multicast_v3_reconstructed.xml", "deribit_sbe/pcaps/rfq.pcapng")]
    public void A_damaged_capture_never_ends_in_anything_but_lines(string schema, string capture)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FLOWENGINE_SEED"), out var given)
            ? given : DefaultSeed;
        var rounds = Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? FullRounds / 4 : FullRounds / 400;
        var original = File.ReadAllBytes(DumpTests.Need(capture));
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var path = directory.File("damaged");
        var lines = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bytes = random.Next(4) == 0 ? original[..random.Next(original.Length)] : original.ToArray();
            for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            {
                var damage = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => random.Next(256) };
                bytes[random.Next(bytes.Length)] = (byte)damage;
            }

            File.WriteAllBytes(path, bytes);
            using var run = CliRun.ToEnd(out var exitCode, "dump", "--json", "--schema", DumpTests.Need(schema), path);
            Assert.True(exitCode is ExitCode.Success or ExitCode.Failed, $"seed {seed}, round {round}: {exitCode}");
            Assert.DoesNotContain("fault in FlowEngine", run.Error, StringComparison.Ordinal);
            Assert.True(exitCode == ExitCode.Success || run.ErrorLines.Length > 0, $"seed {seed}, round {round}");
            lines += DumpTests.Lines(run).Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {lines} lines from {rounds} damaged captures");
    }
}

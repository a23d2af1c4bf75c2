using System.Buffers.Binary;
using System.Text;
using CsCheck;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli.Aeron;

public sealed class LossReportReaderTests
{
    // Worked by hand from the format: 44 + 9 is 53, aligned to 4 is 56; 56 + 4 + 7 is 67, aligned to 64 is 128.
    private const int SourceOffset = 56;
    private const int SecondEntry = 128;

    [Fact]
    public void Entries_are_read_where_the_format_puts_them()
    {
        var report = new byte[1024];
        Write(report, 0, count: 3, lost: 4096, firstMs: 1000, lastMs: 2000, "aeron:ipc", "1.2.3:4", SourceOffset);
        Write(report, SecondEntry, count: 1, lost: 32, firstMs: 3000, lastMs: 3000, "", "", 44);

        Assert.Equal(
            [
                new LossObservation(3, 4096, 1000, 2000, 77, 1001, "aeron:ipc", "1.2.3:4"),
                new LossObservation(1, 32, 3000, 3000, 77, 1001, "", ""),
            ],
            LossReportReader.Read(report));
    }

    [Fact]
    public void What_the_driver_writes_is_what_is_read()
    {
        using var directory = new TemporaryDirectory();
        using (var report = LossReport.Create(directory.Path))
        {
            const string LongChannel = "aeron:udp?endpoint=localhost:40123|alias=a-rather-long-one-for-two-lines";
            report.AddEntry(1408, 5000, -5, 10, LongChannel, "127.0.0.1:50000");
            var second = report.AddEntry(64, 6000, 6, 11, "aeron:udp?endpoint=[::1]:40124", "[::1]:50000");
            report.Record(second, 100, 7000);

            Assert.Equal(
                [
                    new LossObservation(1, 1408, 5000, 5000, -5, 10, LongChannel, "127.0.0.1:50000"),
                    new LossObservation(2, 164, 6000, 7000, 6, 11, "aeron:udp?endpoint=[::1]:40124", "[::1]:50000"),
                ],
                LossReportReader.Read(directory.Path));
        }

        using var run = CliRun.ToEnd(out var exitCode, "aeron", "loss", "--dir", directory.Path);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains(
            "2 gaps, 164 bytes, 1970-01-01 00:00:06.000Z to 1970-01-01 00:00:07.000Z, session 6 stream 11 "
            + "aeron:udp?endpoint=[::1]:40124 from [::1]:50000\n",
            run.Out,
            StringComparison.Ordinal);
        Assert.EndsWith("2 loss entries\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, int.MaxValue)]
    [InlineData(40, -1)]
    [InlineData(40, 1000)]
    [InlineData(56, int.MaxValue)]
    [InlineData(56, -8)]
    public void A_length_that_makes_no_sense_ends_the_report(int offset, int length)
    {
        var report = new byte[1024];
        Write(report, 0, count: 3, lost: 4096, firstMs: 1000, lastMs: 2000, "aeron:ipc", "1.2.3:4", SourceOffset);
        BinaryPrimitives.WriteInt32LittleEndian(report.AsSpan(offset), length);

        Assert.Empty(LossReportReader.Read(report));
    }

    [Fact]
    public void Random_bytes_are_read_to_an_end() =>
        Gen.Byte.Array[0, 600].Sample(bytes => LossReportReader.Read(bytes).Count <= (bytes.Length / 64) + 1);

    [Fact]
    public void Damaged_reports_are_read_to_an_end() =>
        Gen.Select(Gen.Int[0, 255], Gen.Byte).Array[1, 20].Sample(changes =>
        {
            var report = new byte[256];
            Write(report, 0, 3, 4096, 1000, 2000, "aeron:ipc", "1.2.3:4", SourceOffset);
            Write(report, SecondEntry, 1, 32, 3000, 3000, "aeron:ipc", "1.2.3:4", SourceOffset);
            foreach (var (offset, value) in changes)
            {
                report[offset] = value;
            }

            return LossReportReader.Read(report).Count <= 4;
        });

    private static void Write(
        byte[] report,
        int offset,
        long count,
        long lost,
        long firstMs,
        long lastMs,
        string channel,
        string source,
        int sourceOffset)
    {
        var entry = report.AsSpan(offset);
        BinaryPrimitives.WriteInt64LittleEndian(entry, count);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], lost);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], firstMs);
        BinaryPrimitives.WriteInt64LittleEndian(entry[24..], lastMs);
        BinaryPrimitives.WriteInt32LittleEndian(entry[32..], 77);
        BinaryPrimitives.WriteInt32LittleEndian(entry[36..], 1001);
        BinaryPrimitives.WriteInt32LittleEndian(entry[40..], channel.Length);
        Encoding.ASCII.GetBytes(channel, entry[44..]);
        BinaryPrimitives.WriteInt32LittleEndian(entry[sourceOffset..], source.Length);
        Encoding.ASCII.GetBytes(source, entry[(sourceOffset + 4)..]);
    }
}

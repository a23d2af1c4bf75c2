using System.Text;
using FlowEngine.Aeron.Driver.Receiving;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>The bytes of a loss report, and what is counted as lost.</summary>
public sealed class LossReportTests : IDisposable
{
    private readonly string _directory = Directory.CreateDirectory(EmbeddedDriver.NewDirectory()).FullName;

    [Fact]
    public void Records_have_Aerons_layout()
    {
        using var report = LossReport.Create(_directory, 4096);
        var first = report.AddEntry(1408, 1000, 7, 8, "aeron:udp?endpoint=a:1", "127.0.0.1:5");
        var second = report.AddEntry(32, 1001, 9, 10, "c", "s");
        report.Record(first, 64, 2000);
        var bytes = File.ReadAllBytes(Path.Combine(_directory, LossReport.FileName));
        Assert.Equal((0, 128), (first, second));
        Assert.Equal([2, 1472, 1000, 2000], Int64s(bytes, 0));
        Assert.Equal([7, 8, 22], Enumerable.Range(8, 3).Select(i => BitConverter.ToInt32(bytes, i * 4)));
        Assert.Equal("aeron:udp?endpoint=a:1", Encoding.ASCII.GetString(bytes, 44, 22));
        Assert.Equal(11, BitConverter.ToInt32(bytes, 68));
        Assert.Equal("127.0.0.1:5", Encoding.ASCII.GetString(bytes, 72, 11));
        Assert.Equal([1, 32, 1001, 1001], Int64s(bytes, 128));
        Assert.Equal(0, BitConverter.ToInt64(bytes, 192));
    }

    [Fact]
    public void A_full_report_takes_no_more()
    {
        using var report = LossReport.Create(_directory, 4096);
        for (var i = 0; i < 4096 / 64; i++)
        {
            Assert.Equal(i * 64, report.AddEntry(1, 1, 1, 1, "c", "s"));
        }

        Assert.Equal(LossReport.Full, report.AddEntry(1, 1, 1, 1, "c", "s"));
    }

    [Fact]
    public void A_byte_is_lost_once_however_often_it_is_asked_for()
    {
        using var report = LossReport.Create(_directory, 4096);
        var log = new LossLog(report, 1, 2, "c", "s");
        log.OnGap(new Gap(7, 0, 1024), 10);
        log.OnGap(new Gap(7, 0, 1024), 11);
        log.OnGap(new Gap(7, 512, 512), 12);
        log.OnGap(new Gap(7, 512, 1024), 13);
        log.OnGap(new Gap(7, 4096, 32), 14);
        log.OnGap(new Gap(8, 4096, 32), 15);
        var bytes = File.ReadAllBytes(Path.Combine(_directory, LossReport.FileName));
        Assert.Equal([4, 1024 + 512 + 32 + 32, 10, 15], Int64s(bytes, 0));
        Assert.Equal(0, BitConverter.ToInt64(bytes, 64));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static long[] Int64s(byte[] bytes, int offset) =>
        [.. Enumerable.Range(0, 4).Select(i => BitConverter.ToInt64(bytes, offset + (i * 8)))];
}

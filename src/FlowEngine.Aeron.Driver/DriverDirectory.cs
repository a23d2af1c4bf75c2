using System.Globalization;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// The files of a driver: made at its start, and only they are ever deleted.
/// <code>
/// cnc.dat | loss-report.dat | publications/id.logbuffer | images/id.logbuffer
/// </code>
/// </summary>
internal static class DriverDirectory
{
    public const string Publications = "publications";
    public const string Images = "images";
    public const int LossReportLength = 1024 * 1024;

    private const string LossReport = "loss-report.dat";

    /// <summary>Makes sure no other driver is alive, clears what a dead one left, and creates the folders.</summary>
    /// <exception cref="ActiveDriverException">Another driver is alive.</exception>
    public static void Prepare(MediaDriverContext context)
    {
        var directory = context.Directory;
        if (Directory.Exists(directory))
        {
            if (!context.DeleteDirectoryOnStart)
            {
                EnsureDead(context);
            }

            Delete(directory);
        }

        Directory.CreateDirectory(directory);
        Directory.CreateDirectory(Path.Combine(directory, Publications));
        Directory.CreateDirectory(Path.Combine(directory, Images));
    }

    /// <summary>Whether a driver has shown a sign of life within the timeout.</summary>
    public static bool IsActive(string directory, long driverTimeoutMs, long nowMs)
    {
        using var cnc = CncFile.TryOpen(directory, readOnly: true, out _);
        return cnc?.HeartbeatAgeMs(nowMs) <= driverTimeoutMs;
    }

    /// <summary>Deletes a driver's files, and the directory if nothing else is in it.</summary>
    public static void Delete(string directory)
    {
        File.Delete(CncFile.PathIn(directory));
        File.Delete(Path.Combine(directory, LossReport));
        DeleteLogs(Path.Combine(directory, Publications));
        DeleteLogs(Path.Combine(directory, Images));
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }

    private static void DeleteLogs(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var log in Directory.EnumerateFiles(directory, "*.logbuffer"))
        {
            File.Delete(log);
        }

        if (!Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }

    private static void EnsureDead(MediaDriverContext context)
    {
        var deadlineNs = SystemClock.Nanos() + context.DriverTimeoutNs;
        while (true)
        {
            using var cnc = CncFile.TryOpen(context.Directory, readOnly: true, out _);
            if (cnc is not null)
            {
                EnsureDead(cnc, context);
                return;
            }

            var file = new FileInfo(CncFile.PathIn(context.Directory));
            var age = file.Exists
                ? SystemClock.EpochMillisNow() - new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds()
                : long.MaxValue;
            if (age > context.DriverTimeoutNs / 1e6)
            {
                return;
            }

            // Another driver is starting, or died while it was.
            if (SystemClock.Nanos() - deadlineNs > 0)
            {
                return;
            }

            Thread.Sleep(1);
        }
    }

    private static void EnsureDead(CncFile cnc, MediaDriverContext context)
    {
        var age = cnc.HeartbeatAgeMs(context.Clock.EpochMillis());
        if (age <= context.DriverTimeoutNs / 1_000_000)
        {
            throw new ActiveDriverException(
                context.Directory, $"process {cnc.DriverPid} was last heard of {Math.Max(0, age.Value)} ms ago");
        }

        SaveErrors(cnc, context);
    }

    private static void SaveErrors(CncFile cnc, MediaDriverContext context)
    {
        var errors = cnc.ReadErrors();
        if (errors.Count == 0)
        {
            return;
        }

        var stamp = DateTimeOffset.FromUnixTimeMilliseconds(context.Clock.EpochMillis())
            .ToString("yyyy-MM-dd-HH-mm-ss-fff", CultureInfo.InvariantCulture);
        File.WriteAllLines(
            $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.Directory))}-{stamp}-error.log",
            errors.Select(e => $"{e.Count} times, first {e.FirstMs}, last {e.LastMs}: {e.Text}"));
    }
}

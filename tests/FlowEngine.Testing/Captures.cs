using FlowEngine.Feeds.Captures;

namespace FlowEngine.Testing;

/// <summary>
/// Where the real captures lie: <c>FLOWENGINE_DATA</c>, else <c>../shared/data</c> beside the repository.
/// </summary>
public static class Captures
{
    /// <summary>The Deribit multicast capture; null where the captures are absent.</summary>
    public static string? Deribit => Find("deribit_sbe/pcaps/sample_capture_v1_6.pcapng");

    /// <summary>A file of the captures, or null.</summary>
    public static string? Find(string relativePath)
    {
        var root = Environment.GetEnvironmentVariable("FLOWENGINE_DATA");
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is null && folder is not null)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlowEngine.sln")))
            {
                root = Path.Combine(folder.FullName, "..", "shared", "data");
            }

            folder = folder.Parent;
        }

        var path = root is null ? null : Path.GetFullPath(Path.Combine(root, relativePath));
        return File.Exists(path) ? path : null;
    }

    /// <summary>All venue packets of a capture, each in its envelope.</summary>
    public static List<byte[]> Packets(string path)
    {
        using var source = new CaptureSource(path);
        var buffer = new byte[source.MaxPacketLength];
        var packets = new List<byte[]>();
        for (var length = source.NextPacket(buffer, out _); length > 0; length = source.NextPacket(buffer, out _))
        {
            packets.Add(buffer[..length]);
        }

        return packets;
    }
}

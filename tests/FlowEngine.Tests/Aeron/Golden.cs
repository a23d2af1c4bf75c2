using System.IO.Compression;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Files written by Aeron's own driver and client; tests are skipped where they are not there.</summary>
internal static class Golden
{
    /// <summary>A file of the conformance folder, unpacked if it is compressed.</summary>
    public static byte[] Read(string name)
    {
        var path = PathOf(name);
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(path);
        }

        using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static string[] ReadLines(string name) => File.ReadAllLines(PathOf(name));

    /// <summary>Path of a copy that a test may map.</summary>
    public static string Copy(string name, string directory, string asName)
    {
        var bytes = Read(name);
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, asName);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Payload of a golden message: seed, seed + 1, ...</summary>
    public static byte[] Payload(int length, int seed) =>
        Enumerable.Range(0, length).Select(k => (byte)(seed + k)).ToArray();

    private static string PathOf(string name)
    {
        var data = Environment.GetEnvironmentVariable("FLOWENGINE_DATA");
        if (string.IsNullOrEmpty(data))
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "FlowEngine.sln")))
            {
                root = root.Parent;
            }

            data = Path.Combine(root?.FullName ?? ".", "..", "shared", "data");
        }

        var path = Path.Combine(data, "..", "conformance", "aeron", name);
        if (!File.Exists(path))
        {
            Assert.Skip($"golden file {path} is not there");
        }

        return path;
    }
}

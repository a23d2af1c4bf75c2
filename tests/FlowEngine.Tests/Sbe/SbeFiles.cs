using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Finds the shared schemas and golden vectors beside the repository; absent ones skip the test.</summary>
internal static class SbeFiles
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of real captures and schemas.</summary>
    public static string Data => Environment.GetEnvironmentVariable("FLOWENGINE_DATA") is { Length: > 0 } path
        ? Path.GetFullPath(path, Root) : Path.GetFullPath("../shared/data", Root);

    /// <summary>The folder of golden SBE vectors.</summary>
    public static string Conformance => Path.GetFullPath("../conformance/sbe", Data);

    public static string NeedFolder(string path)
    {
        if (!Directory.Exists(path))
            Assert.Skip($"'{path}' is not here.");
        return path;
    }

    /// <summary>A conformance schema, with the file it includes.</summary>
    public static SchemaText[] Schema(string name, string namespaceName)
    {
        var folder = Path.Combine(NeedFolder(Conformance), "schemas");
        var common = Path.Combine(folder, "common-types.xml");
        return
        [
            new SchemaText(Path.Combine(folder, name), File.ReadAllText(Path.Combine(folder, name)), namespaceName),
            new SchemaText(common, File.ReadAllText(common)),
        ];
    }

    public static byte[] Vector(string name) =>
        File.ReadAllBytes(Path.Combine(NeedFolder(Conformance), name + ".bin"));

    public static string Json(string name) =>
        File.ReadAllText(Path.Combine(NeedFolder(Conformance), name + ".json"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlowEngine.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}

namespace FlowEngine.House;

/// <summary>The working tree these tests were built from, read once: every file git would not ignore.</summary>
internal static class Repository
{
    private static readonly Lazy<SourceFile[]> s_sources = new(ParseSources);

    /// <summary>The directory of <c>FlowEngine.sln</c>, absolute.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Names of directories that <c>.gitignore</c> leaves out, and <c>.git</c> itself.</summary>
    public static IReadOnlySet<string> IgnoredDirectories { get; } = ReadIgnoredDirectories();

    /// <summary>Every file not ignored, relative to the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    /// <summary>Every C# file under src, tests and perf, parsed.</summary>
    public static IReadOnlyList<SourceFile> Sources => s_sources.Value;

    /// <summary>The C# files of the libraries and the application.</summary>
    public static IEnumerable<SourceFile> Src => Sources.Where(source => source.Path.StartsWith("src/", Ordinal));

    /// <summary>The C# files of all test projects.</summary>
    public static IEnumerable<SourceFile> Tests => Sources.Where(source => source.Path.StartsWith("tests/", Ordinal));

    /// <summary>Every project file, relative to the root.</summary>
    public static IEnumerable<string> Projects => Files.Where(file => file.EndsWith(".csproj", Ordinal));

    /// <summary>The absolute path of a path relative to the root.</summary>
    public static string Absolute(string path) => Path.Combine(Root, path);

    private static StringComparison Ordinal => StringComparison.Ordinal;

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "FlowEngine.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException(
            $"No FlowEngine.sln above {AppContext.BaseDirectory}: run these tests from the artifacts of a clone.");
    }

    private static HashSet<string> ReadIgnoredDirectories() =>
    [
        ".git",
        .. File.ReadLines(Path.Combine(Root, ".gitignore"))
            .Where(line => line.EndsWith('/'))
            .Select(line => line.Trim('/')),
    ];

    private static List<string> ListFiles()
    {
        List<string> files = [];
        Collect(new DirectoryInfo(Root), "", files);
        files.Sort(string.CompareOrdinal);
        return files;
    }

    private static void Collect(DirectoryInfo directory, string prefix, List<string> files)
    {
        foreach (FileSystemInfo entry in directory.EnumerateFileSystemInfos())
        {
            if (IgnoredDirectories.Contains(entry.Name))
            {
                continue;
            }

            if (entry is DirectoryInfo child)
            {
                Collect(child, prefix + child.Name + "/", files);
            }
            else if (!entry.Name.EndsWith(".user", Ordinal))
            {
                files.Add(prefix + entry.Name);
            }
        }
    }

    private static SourceFile[] ParseSources() =>
    [
        .. Files
            .Where(file => file.EndsWith(".cs", Ordinal))
            .AsParallel().AsOrdered()
            .Select(file => new SourceFile(file, File.ReadAllText(Absolute(file)))),
    ];
}

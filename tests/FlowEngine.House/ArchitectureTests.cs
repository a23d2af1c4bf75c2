using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace FlowEngine.House;

/// <summary>The rooms of the house and the arrows between them: arrows point down only.</summary>
public sealed partial class ArchitectureTests
{
    private const string Application = "FlowEngine.Cli";

    // What a room may use directly; what those may use, it may use too.
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["FlowEngine.Cli"] = ["FlowEngine.Engine", "FlowEngine.Client", "FlowEngine.Sbe.OnTheFly"],
        ["FlowEngine.Engine"] =
            ["FlowEngine.Feeds", "FlowEngine.Signals", "FlowEngine.Disruptor", "FlowEngine.Aeron.Driver"],
        ["FlowEngine.Client"] = ["FlowEngine.Messages", "FlowEngine.Aeron"],
        ["FlowEngine.Feeds"] = ["FlowEngine.Messages", "FlowEngine.Market", "FlowEngine.Aeron"],
        ["FlowEngine.Signals"] = ["FlowEngine.Market", "FlowEngine.Core"],
        ["FlowEngine.Aeron.Driver"] = ["FlowEngine.Aeron", "FlowEngine.Core"],
        ["FlowEngine.Market"] = ["FlowEngine.Core"],
        ["FlowEngine.Messages"] = ["FlowEngine.Sbe"],
        ["FlowEngine.Disruptor"] = ["FlowEngine.Core"],
        ["FlowEngine.Aeron"] = ["FlowEngine.Core"],
        ["FlowEngine.Sbe"] = [],
        ["FlowEngine.Core"] = [],
        ["FlowEngine.Sbe.OnTheFly"] = ["FlowEngine.Sbe", "FlowEngine.Sbe.Schema"],
        ["FlowEngine.Sbe.Schema"] = [],
        ["FlowEngine.Sbe.Generator"] = ["FlowEngine.Sbe.Schema"],
        ["FlowEngine.Analyzers"] = ["FlowEngine.Sbe.Schema"],
    };

    // Run inside the compiler: any room may be built with them, none has them at run time.
    private static readonly HashSet<string> s_buildFloor =
        ["FlowEngine.Sbe.Generator", "FlowEngine.Sbe.Schema", "FlowEngine.Analyzers"];

    private static IEnumerable<string> SrcProjects =>
        Repository.Projects.Where(project => project.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void Every_project_in_src_is_a_room_of_the_table()
    {
        Offenders offenders = new("Projects that the table does not know");
        foreach (string project in SrcProjects)
        {
            if (!s_mayUse.ContainsKey(NameOf(project)) || project != $"src/{NameOf(project)}/{NameOf(project)}.csproj")
            {
                offenders.Add(project, project);
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Project_references_point_down_only()
    {
        Offenders offenders = new("Project references outside the table");
        foreach (string project in SrcProjects)
        {
            HashSet<string> allowed = Closure(NameOf(project));
            IEnumerable<XElement> references = Read(project).Descendants("ProjectReference")
                .Concat(Read("src/Directory.Build.props").Descendants("ProjectReference"));
            foreach (XElement reference in references)
            {
                string target = Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!);
                bool analyzer = (string?)reference.Attribute("OutputItemType") == "Analyzer"
                    && (string?)reference.Attribute("ReferenceOutputAssembly") == "false";
                if (analyzer ? !s_buildFloor.Contains(target) : !allowed.Contains(target))
                {
                    offenders.Add(project, $"{project}: {target}");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Compiled_references_point_down_only()
    {
        Offenders offenders = new("Assembly references outside the table");
        Dictionary<string, string> projectOf = SrcProjects.ToDictionary(AssemblyNameOf, NameOf);
        foreach (string project in SrcProjects)
        {
            string? assembly = CompiledFile(project);
            if (assembly is null)
            {
                offenders.Add(project, $"{project}: not compiled");
                continue;
            }

            HashSet<string> allowed = Closure(NameOf(project));
            foreach (string reference in AssemblyReferences(assembly))
            {
                if (projectOf.TryGetValue(reference, out string? target) && !allowed.Contains(target))
                {
                    offenders.Add(project, $"{project}: {target}");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Only_the_application_takes_packages()
    {
        Offenders offenders = new("Packages that users of a library would inherit");
        IEnumerable<string> files = SrcProjects
            .Where(project => NameOf(project) != Application)
            .Append("Directory.Build.props")
            .Append("src/Directory.Build.props");
        foreach (string file in files)
        {
            foreach (XElement reference in Read(file).Descendants("PackageReference"))
            {
                string? kept = (string?)reference.Attribute("PrivateAssets");
                if (!string.Equals(kept, "all", StringComparison.OrdinalIgnoreCase))
                {
                    offenders.Add(file, $"{file}: {(string?)reference.Attribute("Include")}");
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_room_has_a_readme()
    {
        Offenders offenders = new("Rooms without README.md");
        foreach (string project in SrcProjects)
        {
            string readme = Path.GetDirectoryName(project) + "/README.md";
            if (!Repository.Files.Contains(readme))
            {
                offenders.Add(readme, readme);
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void The_top_level_is_the_solution_four_folders_and_a_readme()
    {
        HashSet<string> folders = [];
        HashSet<string> files = [];
        foreach (string path in Repository.Files)
        {
            string first = path.Split('/')[0];
            if (first.StartsWith('.'))
            {
                continue;
            }

            (path.Contains('/') ? folders : files).Add(first);
        }

        files.RemoveWhere(file => Path.GetExtension(file) is ".json" or ".props");
        Assert.Equal(["perf", "schemas", "src", "tests"], folders.Order(StringComparer.Ordinal));
        Assert.Equal(["FlowEngine.sln", "README.md"], files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_solution_names_every_project_once()
    {
        string solution = File.ReadAllText(Repository.Absolute("FlowEngine.sln"));
        IEnumerable<string> named = SolutionProject().Matches(solution)
            .Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

        // The peers come from whoever has them: their projects are built on demand only.
        IEnumerable<string> expected = Repository.Projects
            .Where(project => !project.StartsWith("perf/FlowEngine.Peers", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, named);
    }

    private static HashSet<string> Closure(string room)
    {
        HashSet<string> closure = [];
        Queue<string> queue = new(s_mayUse.GetValueOrDefault(room, []));
        while (queue.TryDequeue(out string? next))
        {
            if (closure.Add(next))
            {
                s_mayUse[next].ToList().ForEach(queue.Enqueue);
            }
        }

        return closure;
    }

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    private static string AssemblyNameOf(string project) =>
        Read(project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? NameOf(project);

    private static XDocument Read(string path) => XDocument.Load(Repository.Absolute(path));

    // artifacts/bin/FlowEngine.House/release/ → artifacts/bin/<project>/release/
    private static string? CompiledFile(string project)
    {
        DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd('/'));
        string folder = Path.Combine(own.Parent!.Parent!.FullName, NameOf(project), own.Name);
        string file = Path.Combine(folder, AssemblyNameOf(project) + ".dll");
        return File.Exists(file) ? file : null;
    }

    private static List<string> AssemblyReferences(string file)
    {
        using PEReader image = new(File.OpenRead(file));
        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(handle =>
                metadata.GetString(metadata.GetAssemblyReference(handle).Name)),
        ];
    }

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex SolutionProject();
}

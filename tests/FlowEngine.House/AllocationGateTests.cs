using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowEngine.House;

/// <summary>
/// A promise of no allocation is worth what its test is worth: each type with a <c>[Hot]</c> mark, on itself or on a
/// member, is named in a test file that measures allocated bytes, or is a part that such a type or a fixture of the
/// test uses.
/// </summary>
public sealed class AllocationGateTests
{
    private const string Meter = "GetAllocatedBytesForCurrentThread";

    [Fact]
    public void Every_hot_type_is_reached_where_allocated_bytes_are_measured()
    {
        HashSet<string> reached =
        [
            .. MeasuringFiles().SelectMany(file => file.Identifiers).Select(token => token.ValueText),
        ];
        Assert.NotEmpty(reached);

        (SourceFile File, TypeDeclarationSyntax Type)[] hot = [.. HotTypes()];
        List<TypeDeclarationSyntax> unreached = [.. hot.Select(mark => mark.Type), .. Fixtures()];
        while (unreached.Find(type => reached.Contains(type.Identifier.ValueText)) is { } found)
        {
            unreached.Remove(found);
            reached.UnionWith(Parts(found));
        }

        Offenders offenders = new("Hot types that no zero-allocation test reaches");
        foreach (var (file, type) in hot.Where(mark => unreached.Contains(mark.Type)))
        {
            offenders.Add(file, SourceFile.LineOf(type.Identifier), type.Identifier.ValueText);
        }

        offenders.AssertNone();
    }

    private static IEnumerable<(SourceFile File, TypeDeclarationSyntax Type)> HotTypes() =>
        from file in Repository.Src
        from attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "Hot"
        let type = attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>()
        where type is not (null or InterfaceDeclarationSyntax)
        group type by (file, type) into marks
        select marks.Key;

    private static IEnumerable<TypeDeclarationSyntax> Fixtures() => Repository.Tests
        .Where(file => !file.Mentions("Fact") && !file.Mentions("Theory"))
        .SelectMany(file => file.TopLevelTypes)
        .OfType<TypeDeclarationSyntax>();

    // The types of its fields and of what its methods call by type: enough, since hot code hides no type behind a base.
    private static IEnumerable<string> Parts(TypeDeclarationSyntax type) => type.DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
        .Select(token => token.ValueText);

    // Files that read the meter, or that use a fixture which does.
    private static IEnumerable<SourceFile> MeasuringFiles()
    {
        SourceFile[] direct =
        [
            .. Repository.Tests.Where(file => file.Mentions(Meter) && file.Project != "FlowEngine.House"),
        ];
        HashSet<string> guards =
        [
            Meter,
            .. direct.Where(file => file.Project == "FlowEngine.Testing")
                .SelectMany(file => file.TopLevelTypes)
                .Select(SourceFile.NameOf),
        ];
        return Repository.Tests.Where(file =>
            file.Project is not ("FlowEngine.House" or "FlowEngine.Testing") && guards.Any(file.Mentions));
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowEngine.House;

/// <summary>Where things are and what they are called, and that each type says what it is.</summary>
public sealed class NamingTests
{
    private static readonly string[] s_emptySuffixes =
        ["Impl", "Base", "Helper", "Helpers", "Util", "Utils", "Manager", "Data", "Info"];

    [Fact]
    public void No_type_name_ends_in_an_empty_word()
    {
        Offenders offenders = new(
            "Type names that end in an empty word",
            new Offenders.Excuse("CountersManager", "the original's name: users of Aeron look for it"));
        foreach (SourceFile file in Repository.Sources)
        {
            foreach (MemberDeclarationSyntax type in file.Types)
            {
                string name = SourceFile.NameOf(type);
                if (s_emptySuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
                {
                    offenders.Add(file, SourceFile.LineOf(type), name, name);
                }
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void A_file_is_named_after_a_type_in_it_or_after_the_family_it_holds()
    {
        Offenders offenders = new("File names that no type in the file has");
        foreach (SourceFile file in Repository.Sources)
        {
            string[] names = [.. file.TopLevelTypes.Select(SourceFile.NameOf)];
            bool family = names.Length > 1 && file.Name.EndsWith('s');
            if (names.Length > 0 && !names.Contains(file.Name) && !family)
            {
                offenders.Add(file, 1, $"declares {string.Join(", ", names)}");
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void A_file_has_one_file_scoped_namespace_that_follows_its_folder()
    {
        Offenders offenders = new("Namespaces");
        foreach (SourceFile file in Repository.Sources)
        {
            BaseNamespaceDeclarationSyntax[] declared =
                [.. file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()];
            if (declared.Length == 0)
            {
                if (file.TopLevelTypes.Any())
                {
                    offenders.Add(file, 1, "types outside any namespace");
                }

                continue;
            }

            string name = declared[0].Name.ToString();
            string[] folders = file.Path.Split('/')[1..^1];
            bool follows = Enumerable.Range(1, folders.Length).Any(n => name == string.Join('.', folders[..n]));
            if (declared.Length > 1 || declared[0] is not FileScopedNamespaceDeclarationSyntax)
            {
                offenders.Add(file, SourceFile.LineOf(declared[^1]), "more than one file-scoped namespace", name);
            }
            else if (!follows)
            {
                offenders.Add(file, SourceFile.LineOf(declared[0]), $"{name} is not its folder", name);
            }
        }

        offenders.AssertNone();
    }

    [Fact]
    public void A_partial_type_stays_in_one_file()
    {
        Offenders offenders = new("Types spread over files");
        var partials = Repository.Sources
            .SelectMany(file => file.Types.OfType<TypeDeclarationSyntax>()
                .Where(type => type.Modifiers.Any(SyntaxKind.PartialKeyword))
                .Select(type => (file, type, name: FullName(file, type))))
            .GroupBy(part => part.name)
            .Where(parts => parts.Select(part => part.file).Distinct().Count() > 1);
        foreach (var (file, type, name) in partials.SelectMany(parts => parts))
        {
            offenders.Add(file, SourceFile.LineOf(type), name);
        }

        offenders.AssertNone();
    }

    [Fact]
    public void Every_top_level_type_in_src_says_what_it_is()
    {
        Offenders offenders = new("Types without a summary");
        foreach (SourceFile file in Repository.Src)
        {
            foreach (MemberDeclarationSyntax type in file.TopLevelTypes)
            {
                bool hidden = type.Modifiers.Any(SyntaxKind.FileKeyword);
                string comment = string.Concat(type.GetLeadingTrivia()
                    .Where(trivia => trivia.HasStructure)
                    .Select(trivia => trivia.ToFullString()));
                if (!hidden && !comment.Contains("<summary>", StringComparison.Ordinal))
                {
                    offenders.Add(file, SourceFile.LineOf(type), SourceFile.NameOf(type));
                }
            }
        }

        offenders.AssertNone();
    }

    private static string FullName(SourceFile file, TypeDeclarationSyntax type) => string.Join(
        '.',
        type.Ancestors().OfType<TypeDeclarationSyntax>().Select(outer => outer.Identifier.ValueText + outer.Arity)
            .Prepend(type.Identifier.ValueText + type.Arity)
            .Append(file.Project)
            .Reverse());
}

using System.Text;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>Turns schema names into C# names.</summary>
internal static class CSharpName
{
    /// <summary>
    /// PascalCase: every part between characters that C# names cannot have (and underscores) starts upper case.
    /// <c>future_combo</c> becomes FutureCombo, <c>NULL_VALUE</c> NullValue, <c>MDEntryPx</c> stays.
    /// </summary>
    public static string Pascal(string name)
    {
        var isShouting = name.IndexOf('_') >= 0 && !name.Any(char.IsLower);
        var result = new StringBuilder(name.Length);
        var atStart = true;
        foreach (var character in name)
        {
            if (!char.IsLetterOrDigit(character))
            {
                atStart = true;
                continue;
            }

            var isNew = atStart || (result.Length > 0 && char.IsDigit(result[result.Length - 1]) && isShouting);
            result.Append(
                isNew ? char.ToUpperInvariant(character)
                : isShouting ? char.ToLowerInvariant(character) : character);
            atStart = false;
        }

        if (result.Length == 0 || char.IsDigit(result[0]))
            result.Insert(0, '_');
        return result.ToString();
    }

    /// <summary>A namespace from a package: each part between dots in PascalCase.</summary>
    public static string Namespace(string package)
    {
        var parts = package.Split('.').Where(part => part.Trim().Length > 0).Select(Pascal).ToList();
        return parts.Count == 0 ? "Sbe" : string.Join(".", parts);
    }

    /// <summary>A parameter name; the @ makes any keyword one.</summary>
    public static string Parameter(string pascal) => "@" + char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
}

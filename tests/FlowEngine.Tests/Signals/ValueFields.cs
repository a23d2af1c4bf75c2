using System.Reflection;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>Every number of a structure of values by its path, elements of arrays with their index; found by
/// reflection, so that a new field cannot be forgotten.</summary>
internal static class ValueFields
{
    /// <summary>The path without the index of an element.</summary>
    public static string PathOf(string name) => name.Split('[')[0];

    public static void Flatten(string path, object value, Dictionary<string, double> into)
    {
        switch (value)
        {
            case PerLevelLots lots:
                Elements(path, Doubles(lots), into);
                break;
            case PerSizeLots lots:
                Elements(path, Doubles(lots), into);
                break;
            case PerMoveLots lots:
                Elements(path, Doubles(lots), into);
                break;
            case PerLevel values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerLeg values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerBand values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerSize values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerLag values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerHorizon values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case PerKernelTerm values:
                Elements(path, ((ReadOnlySpan<double>)values).ToArray(), into);
                break;
            case double or long or ulong or int or uint or bool or Enum:
                into[path] = Convert.ToDouble(value, null);
                break;
            default:
                FieldInfo[] fields = value.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance);
                if (fields.Length == 0)
                {
                    throw new NotSupportedException($"{path}: {value.GetType()} has no fields to look at");
                }

                foreach (FieldInfo field in fields)
                {
                    Flatten($"{path}.{field.Name}", field.GetValue(value)!, into);
                }

                break;
        }
    }

    private static double[] Doubles(ReadOnlySpan<long> lots) => [.. lots.ToArray().Select(x => (double)x)];

    private static void Elements(string path, double[] elements, Dictionary<string, double> into)
    {
        foreach ((int i, double element) in elements.Index())
        {
            into[$"{path}[{i}]"] = element;
        }
    }
}

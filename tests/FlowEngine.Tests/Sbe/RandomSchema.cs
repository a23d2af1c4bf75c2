using System.Globalization;
using System.Text;

namespace FlowEngine.Tests.Sbe;

/// <summary>Writes legal schemas at random: types of all kinds, headers, dimensions, gaps, nesting, versions.</summary>
internal sealed class RandomSchema
{
    private static readonly string[] s_primitives =
        ["char", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double"];

    private static readonly string[] s_unsigned = ["uint8", "uint16", "uint32", "uint64"];

    private readonly Random _random;
    private readonly StringBuilder _xml = new();
    private readonly List<string> _types = [];
    private int _names;

    private RandomSchema(int seed) => _random = new Random(seed);

    public static string Write(int seed) => new RandomSchema(seed).Write();

    private string Write()
    {
        _xml.Append(CultureInfo.InvariantCulture, $"<messageSchema package='r' id='{_random.Next(1, 200)}' ");
        var order = Pick("littleEndian", "bigEndian");
        _xml.Append(CultureInfo.InvariantCulture, $"version='3' byteOrder='{order}'><types>");
        Frame("messageHeader", "blockLength", "templateId", "schemaId", "version");
        foreach (var dimension in new[] { "groupSizeEncoding", "other" })
            Frame(dimension, "blockLength", "numInGroup");
        foreach (var data in new[] { "data1", "data2" })
        {
            var content = Pick(
                "primitiveType='uint8' length='0'", "primitiveType='char' length='0' characterEncoding='ISO-8859-1'");
            _xml.Append(CultureInfo.InvariantCulture, $"<composite name='{data}'>");
            _xml.Append(CultureInfo.InvariantCulture, $"<type name='length' {Unsigned(3)}/>");
            _xml.Append(CultureInfo.InvariantCulture, $"<type name='varData' {content}/></composite>");
        }

        for (var i = _random.Next(3, 12); i > 0; i--)
            Type();
        _xml.Append("</types>");
        for (var i = 1; i <= 2; i++)
        {
            _xml.Append(CultureInfo.InvariantCulture, $"<message name='m{i}' id='{i}'>");
            Content(3);
            _xml.Append("</message>");
        }

        return _xml.Append("</messageSchema>").ToString();
    }

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private string Name() => Pick("f", "Field_", "xY", "value") + _names++.ToString(CultureInfo.InvariantCulture);

    private string Unsigned(int kinds)
    {
        var type = s_unsigned[_random.Next(kinds)];
        return $"primitiveType='{type}'{(type == "uint32" ? " maxValue='1000000'" : string.Empty)}";
    }

    private void Frame(string name, params string[] members)
    {
        var isCounting = _random.Next(2) == 0;
        var order = members.Concat(isCounting ? ["numGroups", "numVarDataFields"] : []).ToArray();
        _random.Shuffle(order);
        _xml.Append(CultureInfo.InvariantCulture, $"<composite name='{name}'>");
        var at = 0;
        foreach (var member in order)
        {
            // A block is longer than what a byte counts.
            at += _random.Next(4) == 0 ? 2 : 0;
            var type = member == "blockLength" ? "uint16" : s_unsigned[_random.Next(4)];
            _xml.Append(CultureInfo.InvariantCulture, $"<type name='{member}' primitiveType='{type}' offset='{at}'/>");
            at += type switch { "uint8" => 1, "uint16" => 2, "uint32" => 4, _ => 8 };
        }

        _xml.Append("</composite>");
    }

    private void Type()
    {
        var name = "T" + _types.Count.ToString(CultureInfo.InvariantCulture);
        switch (_random.Next(6))
        {
            case 0:
                Scalar(name, Pick("presence='optional'", "presence='required'"));
                break;
            case 1:
                Scalar(name, $"length='{_random.Next(2, 20)}' characterEncoding='UTF-8'");
                break;
            case 2:
                Values(name, "enum", "validValue", Pick("uint8", "int8", "uint16", "int32", "uint64"), 1);
                break;
            case 3:
                Values(name, "set", "choice", s_unsigned[_random.Next(4)], 0);
                break;
            case 4:
                _xml.Append(CultureInfo.InvariantCulture, $"<type name='{name}' primitiveType='char' ");
                _xml.Append("presence='constant'>Fixed</type>");
                break;
            default:
                Composite(name);
                break;
        }

        _types.Add(name);
    }

    private void Scalar(string name, string attributes) => _xml.Append(
        CultureInfo.InvariantCulture,
        $"<type name='{name}' primitiveType='{s_primitives[_random.Next(s_primitives.Length)]}' {attributes}/>");

    private void Values(string name, string element, string child, string encoding, int first)
    {
        _xml.Append(CultureInfo.InvariantCulture, $"<{element} name='{name}' encodingType='{encoding}'>");
        for (var i = 0; i < 5; i++)
        {
            _xml.Append(CultureInfo.InvariantCulture, $"<{child} name='V{i}'>{first + i}</{child}>");
        }

        _xml.Append(CultureInfo.InvariantCulture, $"</{element}>");
    }

    private void Composite(string name)
    {
        _xml.Append(CultureInfo.InvariantCulture, $"<composite name='{name}'>");
        Scalar("first", Pick("presence='optional'", "offset='3'"));
        if (_types.Count > 0 && _random.Next(2) == 0)
            _xml.Append(CultureInfo.InvariantCulture, $"<ref name='second' type='{Known()}'/>");
        Scalar("third", Pick("length='3'", string.Empty));
        _xml.Append("</composite>");
    }

    private string Known() => _types[_random.Next(_types.Count)];

    private void Content(int depth)
    {
        var id = 1;
        var since = 0;
        for (var i = _random.Next(6); i > 0; i--)
        {
            since = Math.Min(3, since + (_random.Next(4) == 0 ? 1 : 0));
            var type = _random.Next(3) == 0 ? s_primitives[_random.Next(s_primitives.Length)] : Known();
            _xml.Append(CultureInfo.InvariantCulture, $"<field name='{Name()}' id='{id++}' type='{type}' ");
            _xml.Append(CultureInfo.InvariantCulture, $"sinceVersion='{since}'/>");
        }

        for (var i = depth > 0 ? _random.Next(3) : 0; i > 0; i--)
        {
            _xml.Append(CultureInfo.InvariantCulture, $"<group name='{Name()}' id='{id++}' ");
            _xml.Append(CultureInfo.InvariantCulture, $"dimensionType='{Pick("groupSizeEncoding", "other")}' >");
            Content(depth - 1);
            _xml.Append("</group>");
        }

        for (var i = _random.Next(3); i > 0; i--)
        {
            _xml.Append(CultureInfo.InvariantCulture, $"<data name='{Name()}' id='{id++}' ");
            _xml.Append(CultureInfo.InvariantCulture, $"type='{Pick("data1", "data2")}'/>");
        }
    }
}

using System.Globalization;
using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes enums and sets.</summary>
internal static class EnumEmitter
{
    public static void Emit(EnumPlan plan, CodeWriter code)
    {
        if (plan.Type is SbeSet)
            EmitSet(plan, code);
        else
            EmitEnum(plan, (SbeEnum)plan.Type, code);
        JsonEmitter.EmitEnum(plan, code);
    }

    private static void EmitEnum(EnumPlan plan, SbeEnum type, CodeWriter code)
    {
        code.Doc(type.Notes.Description, $"The enum {type.Name}; newer senders may send other numbers.");
        code.Open($"public enum {plan.Name} : {Primitive.Keyword(plan.Encoding)}");
        foreach (var value in plan.Values)
        {
            code.Doc(value.Value.Notes.Description, $"The value {value.Value.Name}.");
            code.Line($"{value.Key} = {Primitive.Literal(plan.Encoding, value.Value.Value)},");
            code.Line();
        }

        if (!plan.IsEmptyDeclared)
        {
            code.Doc("No value.");
            code.Line($"{plan.EmptyName} = {Primitive.Literal(plan.Encoding, type.NullValue)},");
        }

        code.Close();
    }

    private static void EmitSet(EnumPlan plan, CodeWriter code)
    {
        code.Doc(plan.Type.Notes.Description, $"The set {plan.Type.Name}.");
        code.Line("[global::System.FlagsAttribute]");
        code.Open($"public enum {plan.Name} : {Primitive.Keyword(plan.Encoding)}");
        code.Doc("No flag.");
        code.Line($"{plan.EmptyName} = 0,");
        foreach (var choice in plan.Values)
        {
            code.Line();
            code.Doc(choice.Value.Notes.Description, $"The flag {choice.Value.Name}.");
            var mask = (1UL << (int)choice.Value.Value.Integer).ToString("X", CultureInfo.InvariantCulture);
            code.Line($"{choice.Key} = 0x{mask},");
        }

        code.Close();
    }
}

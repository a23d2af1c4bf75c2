using FlowEngine.Analyzers;
using Xunit;

namespace FlowEngine.Tests.Analyzers;

public sealed class HotPathAnalyzerTests
{
    private const string Struct = "public struct Plain : IDo { public int A; public void Do() { } } "
        + "public interface IDo { void Do(); void Again() { } } ";

    [Theory]
    [InlineData("[Hot] object M() => new object();")]
    [InlineData("[Hot] object M() => new List<int>();")]
    [InlineData("[Hot] object M() => new { A = 1 };")]
    [InlineData("[Hot] T M<T>() where T : new() => new T();")]
    [InlineData("[Hot] int[] M() => new int[4];")]
    [InlineData("[Hot] int[] M() => new[] { 1 };")]
    [InlineData("[Hot] int[] M() => [1, 2];")]
    [InlineData("[Hot] List<int> M() => [];")]
    [InlineData("[Hot] int[] M(Span<int> from) => [.. from];")]
    [InlineData("[Hot] string M(int a) => $\"{a}\";")]
    [InlineData("[Hot] string M(string a) => a + \"b\";")]
    [InlineData("[Hot] void M(string a) { a += \"b\"; }")]
    [InlineData("[Hot] int M() => Sum(1, 2); static int Sum(params int[] of) => of.Length;")]
    [InlineData("record R(int A); [Hot] object M(object r) => (R)r with { A = 2 };")]
    [InlineData("[Hot] object P => new object();")]
    [InlineData("object P { [Hot] get => new object(); }")]
    public Task FE001_fires_on_what_allocates(string code) => Fires(AllocationAnalyzer.Id, code);

    [Theory]
    [InlineData("[Hot] Plain M() => new Plain { A = 1 };")]
    [InlineData("[Hot] T M<T>() where T : struct => new T();")]
    [InlineData("[Hot] unsafe void M() { Span<int> a = stackalloc int[4]; int* b = stackalloc int[2]; b[0] = a[0]; }")]
    [InlineData("[Hot] int M() { ReadOnlySpan<int> a = [1, 2]; return a[0]; }")]
    [InlineData("[Hot] int M(int a) => Sum(1, a); static int Sum(params ReadOnlySpan<int> of) => of[0];")]
    [InlineData("[Hot] int M() => Sum(); static int Sum(params int[] of) => of.Length;")]
    [InlineData("[Hot] string M() => \"a\" + \"b\" + nameof(M);")]
    [InlineData("[Hot] int M(int a) => a + 1;")]
    [InlineData("[Hot] int[] M() => [];")]
    public Task FE001_is_silent_on_what_does_not(string code) => Passes(code);

    [Theory]
    [InlineData("[Hot] object M(int a) => a;")]
    [InlineData("[Hot] IDo M(Plain a) => a;")]
    [InlineData("[Hot] object M<T>(T a) where T : struct => a;")]
    [InlineData("[Hot] string? M(Plain a) => a.ToString();")]
    [InlineData("[Hot] int M(Plain a) => a.GetHashCode();")]
    [InlineData("[Hot] Type M(int a) => a.GetType();")]
    [InlineData("[Hot] string M(DayOfWeek a) => a.ToString();")]
    [InlineData("[Hot] void M<T>(T a) where T : struct, IDo => a.Again();")]
    public Task FE002_fires_on_boxing(string code) => Fires(BoxingAnalyzer.Id, code);

    [Theory]
    [InlineData("[Hot] long M(int a) => a;")]
    [InlineData("[Hot] object M(string a) => a;")]
    [InlineData("[Hot] void M<T>(T a) where T : struct, IDo => a.Do();")]
    [InlineData("[Hot] int M(int a) => a.GetHashCode();")]
    [InlineData("[Hot] bool M(object a) => a is int;")]
    public Task FE002_is_silent_on_values_that_stay_values(string code) => Passes(code);

    [Theory]
    [InlineData("[Hot] Func<int> M(int a) => () => a;", 1)]
    [InlineData("[Hot] Action M() => N; void N() { }", 1)]
    [InlineData("[Hot] int M(int a) { return N(); int N() => a; }", 1)]
    public Task FE003_fires_on_captures(string code, int times) =>
        Fires([.. Enumerable.Repeat(CaptureAnalyzer.Id, times)], code);

    [Theory]
    [InlineData("[Hot] int M(int a) { return N(a); static int N(int b) => b; }")]
    [InlineData("[Hot] int M(int a) { return N(a); int N(int b) { var c = b; return c; } }")]
    [InlineData("[Hot] unsafe delegate*<int, int> M() => &N; static int N(int a) => a;")]
    [InlineData("[Hot] void M(Action given) => given();")]
    public Task FE003_is_silent_without_captures(string code) => Passes(code);

    [Theory]
    [InlineData("[Hot] void M() { throw new Exception(); }")]
    [InlineData("[Hot] int M(int a) => a > 0 ? a : throw new ArgumentException(\"no\");")]
    [InlineData("[Hot] void M() { try { M(); } finally { } }")]
    [InlineData("[Hot] void M() { lock (this) { } }")]
    [InlineData("[Hot] async Task M() => await Task.Yield();")]
    [InlineData("[Hot] IEnumerable<int> M() { yield return 1; }")]
    [InlineData("[Hot] IEnumerable<int> M() { yield break; }")]
    public Task FE004_fires_on_what_leaves_the_straight_way(string code) => Fires(ControlAnalyzer.Id, code);

    [Theory]
    [InlineData("[Hot] void M(int a) { if (a < 0) Fail(a); } [DoesNotReturn] static void Fail(int a) => throw null!;")]
    [InlineData("[Hot] void M(int a) => Fail($\"{a}\"); [DoesNotReturn] static void Fail(string a) => throw null!;")]
    [InlineData("[Hot] int M(int a) { for (var i = 0; i < a; i++) { if (i == 3) return i; } return 0; }")]
    public Task FE004_is_silent_on_throwers_and_loops(string code) => Passes(code);

    [Theory]
    [InlineData("[Hot] void M(IDo a) => a.Do();")]
    [InlineData("[Hot] void M<T>(T a) where T : IDo => a.Do();")]
    [InlineData("[Hot] void M<T>(T a) where T : class, IDo => a.Do();")]
    [InlineData("[Hot] int M(IReadOnlyList<int> a) => a.Count;")]
    [InlineData("[Hot] int M(IReadOnlyList<int> a) => a[0];")]
    [InlineData("class Open { public virtual int V() => 1; public virtual int P => 1; } [Hot] int M(Open a) => a.V();")]
    [InlineData("class Open { public virtual int V() => 1; public virtual int P => 1; } [Hot] int M(Open a) => a.P;")]
    [InlineData("[Hot] int M(IEnumerable<int> a) { foreach (var b in a) { return b; } return 0; }")]
    [InlineData("[Hot] string? M(object a) => a.ToString();")]
    public Task FE005_fires_on_virtual_calls(string code) => Fires(DispatchAnalyzer.Id, code);

    [Theory]
    [InlineData("[Hot] void M<T>(T a) where T : struct, IDo => a.Do();")]
    [InlineData("[Hot] void M(Plain a) => a.Do();")]
    [InlineData("sealed class Closed : IDo { public void Do() { } } [Hot] void M(Closed a) => a.Do();")]
    [InlineData("class Open { public int N() => 1; } [Hot] int M(Open a) => a.N();")]
    [InlineData("class X { public sealed override int GetHashCode() => 1; } [Hot] int M(X a) => a.GetHashCode();")]
    [InlineData("[Hot] int M(string a) => a.GetHashCode();")]
    [InlineData("[Hot] int M(int[] a) { foreach (var b in a) { return b; } return a.Length; }")]
    [InlineData("[Hot] int M(List<int> a) { foreach (var b in a) { return b; } return a.Count; }")]
    [InlineData("class Derived : List<int> { [Hot] public override int GetHashCode() => base.GetHashCode(); }")]
    public Task FE005_is_silent_on_direct_calls(string code) => Passes(code);

    [Fact]
    public async Task Code_that_is_not_hot_may_do_as_it_likes() => Assert.Empty(await Sample.BrokenBy("""
        object M(int a)
        {
            lock (this)
            {
                Func<object> f = () => a;
                return f() ?? throw new Exception($"{a}");
            }
        }
        """));

    [Fact]
    public async Task A_hot_type_covers_methods_and_properties_but_no_constructors() => Assert.Equal(
        ["FE001", "FE001", "FE001"],
        await Sample.BrokenByFile("""
            [Hot] public sealed class Whole
            {
                private static readonly object s_a = new();
                private readonly object _b = new();
                static Whole() => s_a = new object();
                public Whole() => _b = new object();
                public object M() => new();
                public object P => new();
                public object this[int i] => new();
                private class Inner { public object M() => new(); }
            }
            """));

    [Fact]
    public async Task Checks_are_not_hot() => Assert.Empty(
        await Sample.BrokenBy("[Hot] void M(IReadOnlyList<int> a) { Check.That(a.Count > 0, $\"{a} is empty\"); }"));

    private static Task Fires(string id, string code) => Fires([id], code);

    private static async Task Fires(string[] ids, string code) =>
        Assert.Equal(ids, await Sample.BrokenBy(Struct + code));

    private static async Task Passes(string code) => Assert.Empty(await Sample.BrokenBy(Struct + code));
}

namespace FlowEngine.Signals;

/// <summary>Small dense linear systems by elimination with row exchange. Cold.</summary>
internal static class LinearSystem
{
    private const double LeastPivot = 1e-13;

    /// <summary>Solves A X = B for all columns of B at once. O(n³). A and B are overwritten; B becomes X.</summary>
    /// <returns>False when A is singular, or nearly so against its largest element.</returns>
    public static bool TrySolve(double[,] a, double[,] b)
    {
        int n = a.GetLength(0);
        int columns = b.GetLength(1);
        double largest = 0;
        foreach (double element in a)
        {
            largest = Math.Max(largest, Math.Abs(element));
        }

        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int row = k + 1; row < n; row++)
            {
                pivot = Math.Abs(a[row, k]) > Math.Abs(a[pivot, k]) ? row : pivot;
            }

            if (!(Math.Abs(a[pivot, k]) > LeastPivot * largest))
            {
                return false;
            }

            Swap(a, k, pivot, n);
            Swap(b, k, pivot, columns);
            for (int row = 0; row < n; row++)
            {
                if (row == k || a[row, k] == 0)
                {
                    continue;
                }

                double factor = a[row, k] / a[k, k];
                Subtract(a, row, k, factor, n);
                Subtract(b, row, k, factor, columns);
            }
        }

        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                b[row, column] /= a[row, row];
            }
        }

        return true;
    }

    private static void Swap(double[,] m, int one, int other, int columns)
    {
        for (int column = 0; column < columns && one != other; column++)
        {
            (m[one, column], m[other, column]) = (m[other, column], m[one, column]);
        }
    }

    private static void Subtract(double[,] m, int row, int from, double factor, int columns)
    {
        for (int column = 0; column < columns; column++)
        {
            m[row, column] -= factor * m[from, column];
        }
    }
}

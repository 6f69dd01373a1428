-- symlut_model: made by symlut 0.1.0.
-- A new event every clock; results 1 clock after it (valid_in to valid_out).
-- No reset: the pipeline flushes itself.

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity symlut_model is
    port (
        clk : in std_logic;
        valid_in : in std_logic;
        x0 : in signed(9 downto 0); -- fixed<10,4> x0
        x1 : in signed(9 downto 0); -- fixed<10,4> x1
        valid_out : out std_logic;
        y : out signed(9 downto 0) -- fixed<10,4> y
    );
end symlut_model;

architecture rtl of symlut_model is
    -- sin over [-4,4], 32 entries, saturates; words fixed<8,2>
    type n0_type_sin_0_1 is array (0 to 31) of std_logic_vector(7 downto 0);
    constant n0_table_sin_0_1 : n0_type_sin_0_1 := (
        0 => "00000111",
        1 => "00010111",
        2 => "00100101",
        3 => "00110001",
        4 => "00111010",
        5 => "00111111",
        6 => "01000000",
        7 => "00111101",
        8 => "00110111",
        9 => "00101101",
        10 => "00100000",
        11 => "00010001",
        12 => "00000010",
        13 => "11110010",
        14 => "11100011",
        15 => "11010110",
        16 => "00101011",
        17 => "00011110",
        18 => "00001111",
        19 => "11111111",
        20 => "11110000",
        21 => "11100001",
        22 => "11010100",
        23 => "11001010",
        24 => "11000011",
        25 => "11000000",
        26 => "11000001",
        27 => "11000110",
        28 => "11001111",
        29 => "11011010",
        30 => "11101000",
        31 => "11111000"
    );
    signal n0_valid : std_logic_vector(0 downto 0) := (others => '0');
    signal n9 : signed(9 downto 0);
begin
    valid_out <= n0_valid(0);
    y <= n9; -- y

    -- stage 1
    process (clk)
        variable n1_rounded : signed(5 downto 0);
        variable n1 : signed(4 downto 0);
        variable n1_over : boolean;
        variable n1_under : boolean;
        variable n2 : signed(7 downto 0);
        variable n5 : signed(12 downto 0);
        variable n7 : signed(9 downto 0);
        variable n8 : signed(9 downto 0);
    begin
        if rising_edge(clk) then
            n0_valid(0) <= valid_in;
            n1_rounded := x0(9 downto 4); -- sin(x0)
            n1_over := n1_rounded(5) = '0' and unsigned(n1_rounded(4 downto 4)) /= 0; -- SAT
            n1_under := n1_rounded(5) = '1' and n1_rounded(4 downto 4) /= -1; -- SAT
            if n1_over then n1 := "01111"; elsif n1_under then n1 := "10000"; else n1 := n1_rounded(4 downto 0); end if; -- sin(x0)
            n2 := signed(n0_table_sin_0_1(to_integer(unsigned(n1)))); -- sin(x0)
            n5 := (resize(x1, 11) & "00") - resize(x1, 13); -- 0.75*x1
            n7 := n5(11 downto 2); -- 0.75*x1
            n8 := resize(n2, 10) + n7; -- sin(x0) + 0.75*x1
            n9 <= n8; -- sin(x0) + 0.75*x1
        end if;
    end process;
end rtl;
